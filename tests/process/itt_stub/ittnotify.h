// As much of Intel's ittnotify.h as core/src/profile/itt_marks.cpp uses, for a test where the real one is not
// to be had: the calls are counted.
#pragma once

struct __itt_domain;
struct __itt_string_handle;
struct __itt_id {};
inline constexpr __itt_id __itt_null;

__itt_domain* __itt_domain_create(const char* name);
__itt_string_handle* __itt_string_handle_create(const char* name);
void __itt_task_begin(const __itt_domain* domain, __itt_id task, __itt_id parent, __itt_string_handle* name);
void __itt_task_end(const __itt_domain* domain);
