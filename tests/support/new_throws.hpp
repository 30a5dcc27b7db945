#ifndef LABELERRORS_TESTS_SUPPORT_NEW_THROWS_HPP
#define LABELERRORS_TESTS_SUPPORT_NEW_THROWS_HPP

// LABELERRORS_NEW_THROWS: whether memory that is not to be had is an exception. The sanitizers' own operator new ends
// the program there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LABELERRORS_NEW_THROWS 0
#elif defined(__has_feature)
#define LABELERRORS_NEW_THROWS (!__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer))
#else
#define LABELERRORS_NEW_THROWS 1
#endif

#endif
