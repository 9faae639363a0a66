/* trade_answer.h - a small answer about trade on the mini network, made by hand.
 *
 *   row 0   a-farm -> b-city  barley  1000 t   rail by Gates 700, sea 200, road by Posts 100
 *   row 1   a-port -> b-gulf  barley   200 t   50 sent by sea; 150 left behind: a berth is full
 *   row 2   b-city -> a-farm  machinery 50 t   rail by Gates
 *   row 3   a-farm -> c-city  barley    30 t   no way */
#ifndef SUPPORT_TRADE_ANSWER_H
#define SUPPORT_TRADE_ANSWER_H

#include <keruen/report.h>

typedef struct trade_answer {
    krn_network *network;
    krn_demand demand[4];
    krn_demand_list list;
    krn_trade_question question;
    krn_trade_row rows[4];
    krn_trade_way ways[6];
    double class_t[8][8];
    krn_trade_use uses[8];
    krn_trade_resource resources[4];
    double selected_t[6];
    krn_trade_selection selection;
    krn_trade_answer answer;
    krn_trade_report report;
} trade_answer;

/* Stops the program when it cannot. */
void trade_answer_open(trade_answer *t);
void trade_answer_close(trade_answer *t);

#endif
