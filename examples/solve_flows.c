/* SPDX-License-Identifier: Apache-2.0 */
/* solve_flows.c - Braess's paradox, and what one more unit of a full link is worth.
 *
 *      0 --> 2        0 -> 2 and 3 -> 1 take 10 x, 0 -> 3 and 2 -> 1 take 50 + x,
 *      | \   |        the short cut 2 -> 3 takes 10 + x; six go from 0 to 1
 *      v   v v
 *      3 --> 1 */
#include <math.h>
#include <stdio.h>

#include <keruen/assign.h>

/* time = free_time + rise * flow */
static krn_assign_link straight(uint32_t tail, uint32_t head, double free_time, double rise)
{
    return (krn_assign_link){.tail = tail,
                             .head = head,
                             .delay = {.kind = KRN_DELAY_BPR,
                                       .free_time = free_time,
                                       .capacity = 1.0,
                                       .factor = rise / free_time,
                                       .power = 1.0},
                             .limit_flow = HUGE_VAL};
}

static int solve(const krn_assign_network *network, krn_assign_method method, const char *what)
{
    const krn_assign_options options = {.method = method, .gap_share = 1e-12, .n_threads = 1};
    krn_assignment *answer = NULL;
    krn_error err = {0};
    if (krn_assign(network, &options, &answer, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    printf("%s: %.2f each, %.2f on the short cut", what,
           krn_assignment_total_cost(answer) / network->trips[0].flow,
           krn_assignment_load(answer)[4]);
    if (krn_assignment_price_cost(answer, 0) > 0.0)
        printf("; one more on 0 -> 2 is worth %.1f", krn_assignment_price_cost(answer, 0));
    printf("\n");
    krn_assignment_free(answer);
    return 0;
}

int main(void)
{
    krn_assign_link links[] = {straight(0, 2, 1e-6, 10.0), straight(3, 1, 1e-6, 10.0),
                               straight(0, 3, 50.0, 1.0), straight(2, 1, 50.0, 1.0),
                               straight(2, 3, 10.0, 1.0)};
    const krn_assign_class all = {"all", 1.0, 1.0, 0.0, 0.0};
    const krn_assign_trip six = {0, 0, 1, 6.0};
    const krn_assign_network network = {.n_nodes = 4,
                                        .n_links = 5,
                                        .n_classes = 1,
                                        .n_trips = 1,
                                        .links = links,
                                        .classes = &all,
                                        .trips = &six};
    int code = solve(&network, KRN_ASSIGN_USER, "each for himself");
    code |= solve(&network, KRN_ASSIGN_SYSTEM, "best for all");
    links[4].closed = true;
    code |= solve(&network, KRN_ASSIGN_USER, "without the short cut");
    links[0].limit_flow = 2.0;
    code |= solve(&network, KRN_ASSIGN_USER, "and two at most on 0 -> 2");
    return code;
}
