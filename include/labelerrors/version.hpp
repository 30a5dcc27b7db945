#ifndef LABELERRORS_VERSION_HPP
#define LABELERRORS_VERSION_HPP

// The one place that states the version; CMakeLists.txt reads these three lines.
#define LABELERRORS_VERSION_MAJOR 0
#define LABELERRORS_VERSION_MINOR 1
#define LABELERRORS_VERSION_PATCH 0

#endif
