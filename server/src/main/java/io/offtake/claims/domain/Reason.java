package io.offtake.claims.domain;

import org.jspecify.annotations.Nullable;

/// Why a line was cut, or why a rule was overruled (GOV-17).
public enum Reason {
    DUPLICATE("Claimed before", "पहले दावा किया जा चुका", "CL-01", true),
    ABOVE_ENTITLEMENT("More than the bill gives", "बिल से अधिक", "CL-03", true),
    NOT_ELIGIBLE("Outside of the scheme", "योजना के बाहर", "CL-04", true),
    OUT_OF_SEGMENT("Outlet changed its segment for it", "दुकान की श्रेणी बदली गई", "CL-05", true),
    OVER_CAP("Above the cap", "सीमा से ऊपर", "CL-06", true),
    LOADED_AND_RETURNED("Loaded and returned", "लादकर लौटाया", "CL-08", true),
    SPLIT_BILLS("One delivery on several bills", "एक माल कई बिलों में", "CL-09", true),
    BACK_DATED("Back-dated", "पिछली तारीख", "CL-10", true),
    NOT_PASSED_ON("Not passed on to the outlet", "दुकान को नहीं दिया", "CL-12", true),
    RETURN_NOT_NETTED("Goods came back", "माल वापस आया", "CL-13", true),
    EVIDENCE_MISSING("Evidence is missing", "प्रमाण नहीं", "CL-16", true),
    BILL_CANCELLED("Bill was cancelled", "बिल रद्द", "CL-17", true),
    LATE("Filed too late", "देर से दाखिल", "CL-21", true),
    QUERY_UNANSWERED("Question was not answered", "प्रश्न का उत्तर नहीं", "2.10", true),
    NOT_PROVEN("Not proven", "सिद्ध नहीं", null, true),
    RULE_WRONG("The rule is wrong here", "नियम यहाँ ग़लत", null, false),
    EVIDENCE_GIVEN("Proven by evidence", "प्रमाण मिला", null, false),
    OTHER("Other (say what)", "अन्य (लिखें)", null, true);

    private final String title;
    private final String titleHi;
    private final @Nullable String rule;
    private final boolean cuts;

    Reason(String title, String titleHi, @Nullable String rule, boolean cuts) {
        this.title = title;
        this.titleHi = titleHi;
        this.rule = rule;
        this.cuts = cuts;
    }

    public String title() {
        return title;
    }

    public String titleHi() {
        return titleHi;
    }

    public @Nullable String rule() {
        return rule;
    }

    /// Whether it is a reason to cut; the others, and OTHER, are reasons to overrule.
    public boolean cuts() {
        return cuts;
    }

    public boolean overrules() {
        return !cuts || this == OTHER;
    }
}
