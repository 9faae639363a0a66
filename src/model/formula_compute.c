/* SPDX-License-Identifier: Apache-2.0 */
/* formula_compute.c - runs the program of a formula on values with slopes (dual numbers). */
#include "model/formula_code.h"

#include <assert.h>
#include <math.h>

#include "base/error.h"

#define ALIKE 1e-10

typedef struct dual {
    double value, slope;
} dual;

/* 0 times an infinite slope is 0: what does not hang on the variable has no slope. */
static double times(double factor, double slope)
{
    return factor == 0.0 || slope == 0.0 ? 0.0 : factor * slope;
}

static dual dual_add(dual a, dual b)
{
    return (dual){a.value + b.value, a.slope + b.slope};
}

static dual dual_subtract(dual a, dual b)
{
    return (dual){a.value - b.value, a.slope - b.slope};
}

static dual dual_multiply(dual a, dual b)
{
    return (dual){a.value * b.value, times(b.value, a.slope) + times(a.value, b.slope)};
}

static dual dual_divide(dual a, dual b)
{
    const double value = a.value / b.value;
    return (dual){value, (a.slope - times(value, b.slope)) / b.value};
}

static dual dual_power(dual a, dual b)
{
    const double value = pow(a.value, b.value);
    double slope = 0.0;
    if (a.slope != 0.0 && b.value != 0.0)
        slope += times(b.value * pow(a.value, b.value - 1.0), a.slope);
    if (b.slope != 0.0 && value != 0.0)
        slope += times(value * log(a.value), b.slope);
    return (dual){value, slope};
}

static dual dual_number(double value)
{
    return (dual){value, 0.0};
}

static dual dual_sqrt(dual a)
{
    const double value = sqrt(a.value);
    return (dual){value, a.slope == 0.0 ? 0.0 : a.slope / (2.0 * value)};
}

static dual dual_bpr(const dual *x)
{
    const dual ratio = dual_divide(x[0], x[1]);
    return dual_add(dual_number(1.0), dual_multiply(x[3], dual_power(ratio, x[2])));
}

static dual dual_conical(const dual *x)
{
    const dual two = dual_number(2.0), one = dual_number(1.0);
    const dual twice = dual_multiply(two, x[2]);
    const dual e = dual_divide(dual_subtract(twice, one), dual_subtract(twice, two));
    const dual rest = dual_subtract(one, dual_divide(x[0], x[1]));
    const dual squares = dual_add(
        dual_multiply(dual_multiply(x[2], x[2]), dual_multiply(rest, rest)), dual_multiply(e, e));
    const dual root = dual_add(two, dual_sqrt(squares));
    return dual_subtract(dual_subtract(root, dual_multiply(x[2], rest)), e);
}

static dual dual_chain(double value, double steepness, dual a)
{
    return (dual){value, times(steepness, a.slope)};
}

static dual call_round(krni_function f, double v)
{
    switch (f) {
    case KRNI_FUNCTION_CEIL:
        return dual_number(ceil(v));
    case KRNI_FUNCTION_FLOOR:
        return dual_number(floor(v));
    case KRNI_FUNCTION_ROUND:
        return dual_number(floor(v + 0.5));
    default:
        return dual_number((v > 0.0) - (v < 0.0));
    }
}

static dual call_angle(krni_function f, dual a)
{
    static const double turn = 57.295779513082320877; /* degrees of a radian */
    const double v = a.value;
    switch (f) {
    case KRNI_FUNCTION_SIN:
        return dual_chain(sin(v), cos(v), a);
    case KRNI_FUNCTION_COS:
        return dual_chain(cos(v), -sin(v), a);
    case KRNI_FUNCTION_TAN:
        return dual_chain(tan(v), 1.0 + tan(v) * tan(v), a);
    case KRNI_FUNCTION_SINH:
        return dual_chain(sinh(v), cosh(v), a);
    case KRNI_FUNCTION_COSH:
        return dual_chain(cosh(v), sinh(v), a);
    case KRNI_FUNCTION_TANH:
        return dual_chain(tanh(v), 1.0 - tanh(v) * tanh(v), a);
    case KRNI_FUNCTION_ASIN:
        return dual_chain(asin(v), 1.0 / sqrt(1.0 - v * v), a);
    case KRNI_FUNCTION_ACOS:
        return dual_chain(acos(v), -1.0 / sqrt(1.0 - v * v), a);
    case KRNI_FUNCTION_ATAN:
        return dual_chain(atan(v), 1.0 / (1.0 + v * v), a);
    case KRNI_FUNCTION_DEG:
        return dual_chain(v * turn, turn, a);
    default:
        return dual_chain(v / turn, 1.0 / turn, a);
    }
}

static dual call_two(krni_function f, const dual *x)
{
    switch (f) {
    case KRNI_FUNCTION_MIN:
        return x[0].value <= x[1].value ? x[0] : x[1];
    case KRNI_FUNCTION_MAX:
        return x[0].value >= x[1].value ? x[0] : x[1];
    case KRNI_FUNCTION_POW:
        return dual_power(x[0], x[1]);
    case KRNI_FUNCTION_ATAN2: {
        const double r = x[0].value * x[0].value + x[1].value * x[1].value;
        return (dual){atan2(x[0].value, x[1].value),
                      times(x[1].value / r, x[0].slope) - times(x[0].value / r, x[1].slope)};
    }
    case KRNI_FUNCTION_HOURS:
        return dual_divide(x[0], x[1]);
    case KRNI_FUNCTION_MINUTES:
        return dual_divide(dual_multiply(x[0], dual_number(60.0)), x[1]);
    default:
        return dual_divide(dual_multiply(x[0], dual_number(3600.0)), x[1]);
    }
}

static dual call(krni_function f, const dual *x)
{
    const double v = x[0].value;
    if (f >= KRNI_FUNCTION_CEIL && f <= KRNI_FUNCTION_SIGN)
        return call_round(f, v);
    if (f >= KRNI_FUNCTION_SIN && f <= KRNI_FUNCTION_RAD)
        return call_angle(f, x[0]);
    if (f >= KRNI_FUNCTION_MIN && f <= KRNI_FUNCTION_SECONDS)
        return call_two(f, x);
    switch (f) {
    case KRNI_FUNCTION_ABS:
        return dual_chain(fabs(v), v < 0.0 ? -1.0 : 1.0, x[0]);
    case KRNI_FUNCTION_SQRT:
        return dual_sqrt(x[0]);
    case KRNI_FUNCTION_EXP:
        return dual_chain(exp(v), exp(v), x[0]);
    case KRNI_FUNCTION_LN:
        return dual_chain(log(v), 1.0 / v, x[0]);
    case KRNI_FUNCTION_LOG:
        return dual_chain(log10(v), 0.43429448190325182765 / v, x[0]);
    case KRNI_FUNCTION_CONICAL:
        return dual_conical(x);
    default:
        assert(f == KRNI_FUNCTION_BPR);
        return dual_bpr(x);
    }
}

static bool compare(krni_code c, double a, double b)
{
    const bool alike = fabs(a - b) < ALIKE;
    switch (c) {
    case KRNI_CODE_LESS:
        return a < b;
    case KRNI_CODE_LESS_EQUAL:
        return a < b || alike;
    case KRNI_CODE_MORE:
        return a > b;
    case KRNI_CODE_MORE_EQUAL:
        return a > b || alike;
    case KRNI_CODE_EQUAL:
        return alike;
    case KRNI_CODE_OTHER:
        return !alike;
    case KRNI_CODE_AND:
        return a != 0.0 && b != 0.0;
    default:
        return a != 0.0 || b != 0.0;
    }
}

static dual combine(krni_code c, dual a, dual b)
{
    switch (c) {
    case KRNI_CODE_ADD:
        return dual_add(a, b);
    case KRNI_CODE_SUBTRACT:
        return dual_subtract(a, b);
    case KRNI_CODE_MULTIPLY:
        return dual_multiply(a, b);
    case KRNI_CODE_DIVIDE:
        return dual_divide(a, b);
    case KRNI_CODE_MODULO:
        return (dual){fmod(a.value, b.value), a.slope - times(trunc(a.value / b.value), b.slope)};
    case KRNI_CODE_POWER:
        return dual_power(a, b);
    default:
        return dual_number(compare(c, a.value, b.value) ? 1.0 : 0.0);
    }
}

static krn_status not_finite(const krni_formula *f, const krni_operation *o, const dual *x,
                             krn_error *err)
{
    const bool divides =
        (o->code == KRNI_CODE_DIVIDE || o->code == KRNI_CODE_MODULO) && x[1].value == 0.0;
    return krni_fail(err, KRN_E_DATA, "position %u of \"%.200s\": %s", o->at + 1u, f->text,
                     divides ? "division by zero" : "the value is not a finite number");
}

krn_status krni_formula_compute(const krni_formula *formula, const double *values,
                                uint32_t slope_slot, double *out_value, double *out_slope,
                                krn_error *err)
{
    dual stack[KRNI_FORMULA_MOST_DEPTH + 4];
    uint32_t n = 0;
    for (uint32_t k = 0; k < formula->n_operations; k++) {
        const krni_operation *o = &formula->operations[k];
        dual result = {0.0, 0.0};
        uint32_t n_taken = 0;
        switch (o->code) {
        case KRNI_CODE_NUMBER:
            result.value = o->number;
            break;
        case KRNI_CODE_VARIABLE:
            result = (dual){values[o->argument], o->argument == slope_slot ? 1.0 : 0.0};
            break;
        case KRNI_CODE_NEGATE: /* 0 - a: never a negative zero */
            result = dual_subtract(result, stack[n - 1]);
            n_taken = 1;
            break;
        case KRNI_CODE_UNLESS:
            if (stack[--n].value != 1.0)
                k = o->argument - 1;
            continue;
        case KRNI_CODE_GO:
            k = o->argument - 1;
            continue;
        case KRNI_CODE_CALL:
            n_taken = krni_function_arguments(o->argument);
            assert(n >= n_taken);
            result = call((krni_function)o->argument, &stack[n - n_taken]);
            break;
        default:
            n_taken = 2;
            result = combine((krni_code)o->code, stack[n - 2], stack[n - 1]);
        }
        assert(n >= n_taken);
        n -= n_taken;
        if (!isfinite(result.value))
            return not_finite(formula, o, &stack[n], err);
        stack[n++] = result;
    }
    assert(n == 1);
    *out_value = stack[0].value;
    if (out_slope)
        *out_slope = stack[0].slope;
    return KRN_OK;
}
