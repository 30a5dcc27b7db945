"""The recipe for Conan 2. It packs the clone that it lies in:

    conan export cmake/packaging/conan/xtensor-blas
    conan create cmake/packaging/conan --build=missing -s compiler.cppstd=20
"""

from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.layout import basic_layout

required_conan_version = ">=2.0"


class Labelerrors(ConanFile):
    name = "labelerrors"
    description = "Label errors by confident learning: a header-only C++20 library"
    license = "BSD-3-Clause"
    topics = ("confident-learning", "label-errors", "data-quality", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    # complete=False is labelerrors::core alone, which needs xtensor and nothing else.
    options = {"complete": [True, False]}
    default_options = {"complete": True, "xtensor/*:xsimd": False, "openblas/*:build_lapack": True}
    no_copy_source = True

    @property
    def clone(self):
        return Path(self.recipe_folder).parents[2]

    def set_version(self):
        lines = load(self, self.clone / "include" / "labelerrors" / "version.hpp").splitlines()
        numbers = [line.split()[2] for line in lines if line.startswith("#define LABELERRORS_VERSION_") and line[-1].isdigit()]
        self.version = ".".join(numbers)

    def export_sources(self):
        copy(self, "LICENSE", self.clone, self.export_sources_folder)
        copy(self, "*.hpp", self.clone / "include", Path(self.export_sources_folder) / "include")

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("xtensor/[>=0.24 <0.28]", transitive_headers=True)
        if self.options.complete:
            self.requires("xtensor-blas/[>=0.20 <0.24]", transitive_headers=True, transitive_libs=True)
            self.requires("zlib/[>=1.2.11 <2]", transitive_headers=True, transitive_libs=True)
            self.requires("nlohmann_json/[>=3.10 <4]", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.settings.clear()

    def package(self):
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder) / "licenses")
        copy(self, "*.hpp", Path(self.source_folder) / "include", Path(self.package_folder) / "include")

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "labelerrors")
        # The target of all components, which is else named labelerrors::labelerrors, even where there is core alone.
        self.cpp_info.set_property("cmake_target_name", "labelerrors::components")
        # As a component is named, so that there is no labelerrors.pc of all components where there is core alone.
        self.cpp_info.set_property("pkg_config_name", "labelerrors-core")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "labelerrors::core")
        core.set_property("pkg_config_name", "labelerrors-core")
        core.requires = ["xtensor::xtensor"]
        if self.settings.os in ("Linux", "FreeBSD"):
            core.system_libs = ["pthread"]
        components = [core]
        if self.options.complete:
            everything = self.cpp_info.components["labelerrors"]
            everything.set_property("cmake_target_name", "labelerrors::labelerrors")
            everything.set_property("pkg_config_name", "labelerrors")
            everything.requires = ["core", "xtensor-blas::xtensor-blas", "zlib::zlib", "nlohmann_json::nlohmann_json"]
            components.append(everything)
        for component in components:
            component.bindirs = []
            component.libdirs = []
