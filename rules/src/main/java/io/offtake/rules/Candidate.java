package io.offtake.rules;

import io.offtake.rules.Decision.Condition;
import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Reward;
import java.util.Arrays;
import java.util.List;

/// One scheme whose products are on the bill. Reused from bill to bill.
final class Candidate {
Rule rule;
int place;
/// All its pools, and those it may still work on after exclusion; their lines in the order of the tie rule.
Bill.Pool[] pools = new Bill.Pool[8], active = pools;
int poolCount, activeCount;
Bill.Part[] lines = new Bill.Part[8];
int lineCount;
Condition condition;
String wanted, found;
Basis measure;
long wantedCount, foundCount;
long benefit, freeQty, principalShare, distributorShare;
boolean retro, accrued;
List<SchemeIndex.Failed> failures;
/// The next step: what is counted up to, how much is missing, the reward.
Basis nextBasis;
long nextFrom, nextMore, nextFree;
Decision.RewardKind nextKind;
Reward nextReward;
String nextText;
int nextGroup;

void reset(Rule rule, int place) {
    this.rule = rule;
    this.place = place;
    active = pools;
    poolCount = activeCount = lineCount = 0;
    condition = null;
    wanted = found = null;
    measure = null;
    benefit = freeQty = principalShare = distributorShare = 0;
    retro = accrued = false;
    failures = null;
    nextBasis = null;
    nextText = null;
    nextReward = null;
    nextGroup = -1;
}

void add(Bill.Pool pool) {
    if (poolCount == pools.length) {
        pools = Arrays.copyOf(pools, poolCount * 2);
        active = pools;
    }
    pools[poolCount++] = pool;
    activeCount = poolCount;
}

void fails(Condition condition, String wanted, String found) {
    this.condition = condition;
    this.wanted = wanted;
    this.found = found;
    measure = null;
}

/// The numbers become text only if somebody asks for the trace.
void fails(Condition condition, Basis measure, long wanted, long found) {
    this.condition = condition;
    this.measure = measure;
    wantedCount = wanted;
    foundCount = found;
}

String wanted(int scale) {
    return measure == null ? wanted : SchemeIndex.basisText(measure, wantedCount, scale);
}

String found(int scale) {
    return measure == null ? found : SchemeIndex.basisText(measure, foundCount, scale);
}

boolean applied() {
    return benefit != 0 || freeQty != 0 || accrued;
}

void next(Basis basis, long from, long more, Reward reward) {
    nextBasis = basis;
    nextFrom = from;
    nextMore = more;
    nextReward = reward;
    nextText = null;
}

void next(Basis basis, long from, long more, Decision.RewardKind kind, String text) {
    nextBasis = basis;
    nextFrom = from;
    nextMore = more;
    nextKind = kind;
    nextText = text;
    nextReward = null;
}

/// The next step gives so many free units; they become text only if somebody asks.
void nextFree(Basis basis, long from, long more, long milli) {
    next(basis, from, more, Decision.RewardKind.FREE_QTY, null);
    nextFree = milli;
}

Decision.NextStep next(int scale) {
    if (nextBasis == null) return null;
    return new Decision.NextStep(nextBasis, SchemeIndex.basisText(nextBasis, nextFrom, scale), SchemeIndex.basisText(nextBasis, nextMore, scale),
            nextReward == null ? nextKind : SchemeRun.kind(nextReward), nextReward != null ? SchemeRun.text(nextReward) : nextText != null ? nextText : new Qty(nextFree).toString(), nextGroup < 0 ? null : nextGroup);
}
}
