"""The recipe of xtensor-blas for Conan 2, which Conan Center has not got and labelerrors::labelerrors needs:

    conan export cmake/packaging/conan/xtensor-blas
"""

from pathlib import Path

from conan import ConanFile
from conan.tools.files import copy, get
from conan.tools.layout import basic_layout
from conan.tools.scm import Version

required_conan_version = ">=2.0"


class XtensorBlas(ConanFile):
    name = "xtensor-blas"
    description = "BLAS and LAPACK for xtensor: header-only"
    license = "BSD-3-Clause"
    homepage = "https://github.com/xtensor-stack/xtensor-blas"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    def set_version(self):
        self.version = self.version or "0.23.0"

    def layout(self):
        basic_layout(self, src_folder="src")

    def requirements(self):
        # xtensor 0.26 moved its headers.
        self.requires("xtensor/[>=0.26 <0.28]" if Version(self.version) >= "0.22" else "xtensor/[>=0.24 <0.26]")
        self.requires("openblas/[>=0.3.24 <0.4]")

    def package_id(self):
        self.info.clear()

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)

    def package(self):
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder) / "licenses")
        for pattern in ("*.hpp", "*.h", "*.tcc", "*.cxx", "*LICENSE"):
            copy(self, pattern, Path(self.source_folder) / "include", Path(self.package_folder) / "include")

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "xtensor-blas")
        self.cpp_info.set_property("cmake_target_name", "xtensor-blas")
        self.cpp_info.set_property("pkg_config_name", "xtensor-blas")
