package io.offtake.claims.domain;

import io.offtake.governance.PolicyKey;
import java.util.List;
import java.util.Map;

/// The rules that claims are checked by (domain/06 section 6.2), each with what it is called, what its warning weighs, the reason
/// under which it cuts, and the dated policies it reads.
public enum Rules {
    CL_01("Duplicate line", 0, Reason.DUPLICATE),
    CL_02("Near duplicate", 30, Reason.DUPLICATE, PolicyKey.CLAIM_NEAR_DAYS, PolicyKey.CLAIM_NEAR_PERCENT),
    CL_03("Entitlement", 0, Reason.ABOVE_ENTITLEMENT, PolicyKey.CLAIM_TOLERANCE),
    CL_04("Eligibility", 0, Reason.NOT_ELIGIBLE),
    CL_05("Out of segment", 40, Reason.OUT_OF_SEGMENT, PolicyKey.CLAIM_SEGMENT_DAYS),
    CL_06("Cap", 0, Reason.OVER_CAP),
    CL_07("Volume spike", 25, Reason.NOT_PROVEN, PolicyKey.CLAIM_SPIKE_SIGMAS),
    CL_08("Loaded and returned", 40, Reason.LOADED_AND_RETURNED, PolicyKey.CLAIM_LOAD_DAYS, PolicyKey.CLAIM_LOAD_PERCENT, PolicyKey.CLAIM_LOAD_RETURNED),
    CL_09("Split bills", 50, Reason.SPLIT_BILLS, PolicyKey.CLAIM_SPLIT_BILLS, PolicyKey.CLAIM_POOL_PERCENT),
    CL_10("Back-dated", 40, Reason.BACK_DATED, PolicyKey.CLAIM_BACKDATE_DAYS),
    CL_11("Phantom outlet", 0, Reason.NOT_PROVEN, PolicyKey.CLAIM_PHANTOM_FLAGS),
    CL_12("Passed on", 0, Reason.NOT_PASSED_ON, PolicyKey.CLAIM_PASSED_ON),
    CL_13("Return not netted", 0, Reason.RETURN_NOT_NETTED),
    CL_16("Evidence", 0, Reason.EVIDENCE_MISSING),
    CL_17("Cancelled or missing bill", 0, Reason.BILL_CANCELLED),
    CL_18("First digits", 15, Reason.NOT_PROVEN, PolicyKey.CLAIM_DIGIT_BILLS),
    CL_19("Cap used elsewhere", 0, Reason.OVER_CAP),
    CL_21("Late", 0, Reason.LATE, PolicyKey.CLAIM_FILING_DAYS),
    CL_22("Same two people", 30, Reason.NOT_PROVEN, PolicyKey.CLAIM_PAIR_PERCENT);

    private final String title;
    private final int warnScore;
    private final Reason reason;
    private final List<PolicyKey> policies;

    Rules(String title, int warnScore, Reason reason, PolicyKey... policies) {
        this.title = title;
        this.warnScore = warnScore;
        this.reason = reason;
        this.policies = List.of(policies);
    }

    /// As in domain/06: `CL-01`.
    public String id() {
        return name().replace('_', '-');
    }

    public String title() {
        return title;
    }

    /// What a warning of it adds to the claim's sum.
    public int warnScore() {
        return warnScore;
    }

    public Reason reason() {
        return reason;
    }

    public List<PolicyKey> policies() {
        return policies;
    }

    /// @throws IllegalArgumentException if no rule has this id
    public static Rules of(String id) {
        return valueOf(id.replace('-', '_'));
    }

    /// What a rule found, in a sentence, from the numbers it used.
    public String text(Map<String, ?> numbers) {
        return switch (this) {
            case CL_01 -> "Bill " + numbers.get("bill") + " for the same outlet and SKU stands in claim " + numbers.get("claim") + " already";
            case CL_02 -> "Bill " + numbers.get("bill") + " of " + numbers.get("on") + " is nearly the same";
            case CL_03 -> "Claimed " + numbers.get("claimed") + ", the bill gives " + numbers.get("entitled");
            case CL_04 -> numbers.get("what") + " is outside of the scheme: " + numbers.get("accepted");
            case CL_05 -> "The outlet became " + numbers.get("now") + " on " + numbers.get("on") + ", it was " + numbers.get("before");
            case CL_06 -> numbers.containsKey("network") ? "With this " + numbers.get("used") + " are claimed in the whole network of a cap of " + numbers.get("cap") : "With this " + numbers.get("used") + " are claimed of a cap of " + numbers.get("cap");
            case CL_07 -> "The week's " + numbers.get("qty") + " are far above " + numbers.get("mean") + " (26 weeks)";
            case CL_08 -> numbers.get("late") + " % of the value in the last days, " + numbers.get("returned") + " % of that returned";
            case CL_09 -> numbers.containsKey("other") ? "Outlet " + numbers.get("other") + " of the same phone, which bought in " + numbers.get("weeks") + " of 8 weeks, bought nothing; this one bought " + numbers.get("qty")
                    + ", before " + numbers.get("usual") : numbers.get("bills") + " bills for one outlet on " + numbers.get("on");
            case CL_10 -> numbers.containsKey("closed") ? "Entered on " + numbers.get("entered") + ", after claim " + numbers.get("closed") + " for its period was filed"
                    : numbers.containsKey("after") ? "Dated " + numbers.get("dated") + ", numbered after a bill of " + numbers.get("after")
                    : "Entered on " + numbers.get("entered") + " for " + numbers.get("dated");
            case CL_11 -> "Nothing shows that the outlet exists: " + numbers.get("flags");
            case CL_12 -> "The bill gives the outlet " + numbers.get("given") + " of " + numbers.get("benefit");
            case CL_13 -> numbers.get("returned") + " came back after the claim was made";
            case CL_16 -> numbers.containsKey("elsewhere") ? "The same paper proves claim " + numbers.get("elsewhere") : "There is no " + numbers.get("missing");
            case CL_17 -> numbers.containsKey("on") ? "The bill was cancelled on " + numbers.get("on") : "There is no such bill";
            case CL_18 -> "First digits of " + numbers.get("bills") + " bills of the quarter differ from " + numbers.get("from") + " (χ² " + numbers.get("chi2") + ")";
            case CL_19 -> "Other distributors claim " + numbers.get("elsewhere") + " for this outlet; the cap is " + numbers.get("cap");
            case CL_21 -> "Filed on " + numbers.get("filed") + ", the last day was " + numbers.get("until");
            case CL_22 -> numbers.get("by") + " let " + numbers.get("share") + " % of " + numbers.get("all") + " stopped lines of " + numbers.get("of") + " through";
        };
    }
}
