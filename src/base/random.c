/* SPDX-License-Identifier: Apache-2.0 */
/* random.c - Philox4x32-10.
 *
 *   (c0, c1, c2, c3)  --10 x-->  hi(M1 c2) ^ c1 ^ k0,  lo(M1 c2),  hi(M0 c0) ^ c3 ^ k1,  lo(M0 c0)
 */
#include "base/random.h"

#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0       0x9E3779B9u
#define WEYL_1       0xBB67AE85u
#define ROUNDS       10

void krni_random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t a = (uint64_t)MULTIPLIER_0 * c0;
        const uint64_t b = (uint64_t)MULTIPLIER_1 * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

void krni_random_stream(uint64_t seed, uint64_t stream, uint64_t block, uint32_t out[4])
{
    const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream,
                                 (uint32_t)(stream >> 32)};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    krni_random_block(counter, key, out);
}

void krni_random_pair(uint64_t seed, uint64_t stream, uint64_t block, uint64_t out[4])
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    uint32_t a[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream,
                     (uint32_t)(stream >> 32)};
    uint32_t b[4] = {(uint32_t)(block + 1), (uint32_t)((block + 1) >> 32), a[2], a[3]};
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t pa = (uint64_t)MULTIPLIER_0 * a[0], qa = (uint64_t)MULTIPLIER_1 * a[2];
        const uint64_t pb = (uint64_t)MULTIPLIER_0 * b[0], qb = (uint64_t)MULTIPLIER_1 * b[2];
        a[0] = (uint32_t)(qa >> 32) ^ a[1] ^ k0;
        b[0] = (uint32_t)(qb >> 32) ^ b[1] ^ k0;
        a[1] = (uint32_t)qa;
        b[1] = (uint32_t)qb;
        a[2] = (uint32_t)(pa >> 32) ^ a[3] ^ k1;
        b[2] = (uint32_t)(pb >> 32) ^ b[3] ^ k1;
        a[3] = (uint32_t)pa;
        b[3] = (uint32_t)pb;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    out[0] = a[0] | (uint64_t)a[1] << 32;
    out[1] = a[2] | (uint64_t)a[3] << 32;
    out[2] = b[0] | (uint64_t)b[1] << 32;
    out[3] = b[2] | (uint64_t)b[3] << 32;
}
