/* formula_code.h - the program that a formula becomes: formula.c makes it, formula_compute.c runs
 * it. */
#ifndef MODEL_FORMULA_CODE_H
#define MODEL_FORMULA_CODE_H

#include "model/formula.h"

typedef enum krni_code {
    KRNI_CODE_NUMBER,
    KRNI_CODE_VARIABLE,
    KRNI_CODE_ADD,
    KRNI_CODE_SUBTRACT,
    KRNI_CODE_MULTIPLY,
    KRNI_CODE_DIVIDE,
    KRNI_CODE_MODULO,
    KRNI_CODE_POWER,
    KRNI_CODE_LESS,
    KRNI_CODE_LESS_EQUAL,
    KRNI_CODE_MORE,
    KRNI_CODE_MORE_EQUAL,
    KRNI_CODE_EQUAL,
    KRNI_CODE_OTHER,
    KRNI_CODE_AND,
    KRNI_CODE_OR,
    KRNI_CODE_NEGATE,
    KRNI_CODE_UNLESS, /* takes a value; goes to target unless it is 1 */
    KRNI_CODE_GO,
    KRNI_CODE_CALL
} krni_code;

typedef enum krni_function {
    KRNI_FUNCTION_ABS,
    KRNI_FUNCTION_SQRT,
    KRNI_FUNCTION_EXP,
    KRNI_FUNCTION_LN,
    KRNI_FUNCTION_LOG,
    KRNI_FUNCTION_CEIL,
    KRNI_FUNCTION_FLOOR,
    KRNI_FUNCTION_ROUND,
    KRNI_FUNCTION_SIGN,
    KRNI_FUNCTION_SIN,
    KRNI_FUNCTION_COS,
    KRNI_FUNCTION_TAN,
    KRNI_FUNCTION_SINH,
    KRNI_FUNCTION_COSH,
    KRNI_FUNCTION_TANH,
    KRNI_FUNCTION_ASIN,
    KRNI_FUNCTION_ACOS,
    KRNI_FUNCTION_ATAN,
    KRNI_FUNCTION_DEG,
    KRNI_FUNCTION_RAD,
    KRNI_FUNCTION_MIN,
    KRNI_FUNCTION_MAX,
    KRNI_FUNCTION_POW,
    KRNI_FUNCTION_ATAN2,
    KRNI_FUNCTION_HOURS,
    KRNI_FUNCTION_MINUTES,
    KRNI_FUNCTION_SECONDS,
    KRNI_FUNCTION_CONICAL,
    KRNI_FUNCTION_BPR,
    KRNI_FUNCTION_IF,  /* of the parser: jumps */
    KRNI_FUNCTION_AVG, /* of the parser: a sum and a division */
    KRNI_FUNCTION_COUNT
} krni_function;

typedef struct krni_operation {
    double number;     /* NUMBER */
    uint32_t argument; /* slot, target, function */
    uint16_t at;       /* in the text, from 0 */
    uint8_t code;
} krni_operation;

struct krni_formula {
    char *text;
    krni_operation *operations;
    uint32_t n_operations;
};

/* Arguments of a function; 0: any number. */
uint32_t krni_function_arguments(uint32_t which);

#endif
