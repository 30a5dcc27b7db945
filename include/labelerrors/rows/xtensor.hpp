#ifndef LABELERRORS_ROWS_XTENSOR_HPP
#define LABELERRORS_ROWS_XTENSOR_HPP

// The only header of the library that includes xtensor itself: 0.26 moved its headers into folders.
#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#if defined(__clang__) && __clang_major__ >= 19 && defined(__cpp_template_template_args)
#error "clang++ 19 and later compile xtensor before 0.26 with -fno-relaxed-template-template-args only"
#endif
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>
#endif

#endif
