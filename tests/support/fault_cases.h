/* fault_cases.h - a change of one file of the mini package, and the faults that it must raise. */
#ifndef SUPPORT_FAULT_CASES_H
#define SUPPORT_FAULT_CASES_H

#include <stddef.h>

typedef struct fault_case {
    const char *file;
    const char *old; /* first one is replaced; "" = the whole text; NULL = the file goes */
    const char *text;
    const char *faults; /* all of them, exactly, in order, '\n' between */
} fault_case;

/* Fails the test with a message when a case raises other faults. */
void check_fault_cases(const fault_case *cases, size_t n);

#endif
