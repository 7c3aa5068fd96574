package io.offtake.network.store;

import io.offtake.governance.Draft;
import io.offtake.network.GstinClass;
import io.offtake.network.PartyTax;
import io.offtake.network.States;
import io.offtake.platform.ProblemCode;
import io.offtake.rules.Gstin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks a party's tax registration and State (IN-01, IN-02, IN-05).
final class TaxIdentity {
    static final List<String> REGISTRATIONS = List.of("REGULAR", "COMPOSITION", "SEZ", "DEEMED_EXPORT", "EXPORT", "UNREGISTERED");
    /// The "State" of a buyer abroad (IN-02).
    static final String ABROAD = "96";
    static final String INDIA = "IN_GST";

    private TaxIdentity() {}

    /// Every regime a distributor may be under: India, the countries of the packs, and none.
    static List<String> regimes() {
        var regimes = new ArrayList<String>();
        regimes.add(INDIA);
        regimes.addAll(PartyTax.regimes());
        regimes.add("NONE");
        return List.copyOf(regimes);
    }

    static void check(Draft<?> draft, String regime, @Nullable String gstin, String registration, String stateCode) {
        draft.oneOf("registration", registration, REGISTRATIONS);
        if (!regime.equals(INDIA)) {
            draft.text("gstin", gstin, 20);
            draft.required("stateCode", stateCode);
            PartyTax.of(regime).ifPresent(pack -> pack.check(draft, gstin, registration, stateCode));
            return;
        }
        if (!States.isState(stateCode)) {
            draft.fault("stateCode", stateCode.isEmpty() ? "is missing" : "\"" + stateCode + "\" is no State code", "Write the two digits of the State, such as 29 for Karnataka");
        }
        if (registration.equals("EXPORT") != stateCode.equals(ABROAD) && States.isState(stateCode))
            draft.fault("stateCode", registration.equals("EXPORT") ? "a buyer abroad is in no State" : "State 96 is abroad", registration.equals("EXPORT") ? "96 (foreign country)" : "EXPORT as the registration, or the State");
        boolean registered = !registration.equals("UNREGISTERED") && !registration.equals("EXPORT");
        if (gstin == null) {
            if (registered) draft.fault("gstin", "is missing", "Give the GSTIN, or say UNREGISTERED; EXPORT for a buyer abroad");
            return;
        }
        if (!registered) draft.fault("registration", registration + " does not go with a GSTIN", "Say REGULAR, COMPOSITION, SEZ or DEEMED_EXPORT, or leave the GSTIN out");
        gstin(draft, gstin, stateCode);
    }

    static void gstin(Draft<?> draft, String gstin, String stateCode) {
        // taxpayers, and embassies and UN bodies that hold a UIN: a trade party is nothing else
        if (GstinClass.of(gstin).filter(GstinClass.CUSTOMERS::contains).isEmpty()) {
            draft.fault("gstin", ProblemCode.INVALID, "\"" + gstin + "\" is no GSTIN (IN-01)", "15 characters: State, PAN, registration number, Z, check character; such as 27ABCDE1234F1Z0");
        } else if (GstinClass.check(gstin, GstinClass.CUSTOMERS) != GstinClass.Verdict.VALID) {
            draft.fault("gstin", ProblemCode.CHECK_DIGIT, "the check character of " + gstin + " does not fit (IN-01)",
                    "If the rest is right, it ends with " + Gstin.checkCharacter(gstin) + "; compare it with the certificate");
        } else if (!Gstin.stateCode(gstin).equals(stateCode)) {
            draft.fault("stateCode", "State " + stateCode + " is not that of GSTIN " + gstin, "Write State " + Gstin.stateCode(gstin) + " (" + States.name(Gstin.stateCode(gstin)) + "), or correct the GSTIN");
        }
    }

    static void phone(Draft<?> draft, String phone) {
        draft.pattern("phone", phone, "\\+?[0-9][0-9 ()/-]{4,18}[0-9]", "Digits with an optional + in front, such as 9845012345");
    }

    /// @param abroad the postcode is of another country
    static void pin(Draft<?> draft, String regime, String pin, boolean abroad) {
        if (abroad) draft.text("pin", pin, 12);
        else pin(draft, regime, pin);
    }

    static void pin(Draft<?> draft, String regime, String pin) {
        if (regime.equals(INDIA)) draft.pattern("pin", pin, "[1-9][0-9]{5}", "Six digits, such as 560034");
        else {
            draft.text("pin", pin, 12);
            PartyTax.of(regime).ifPresent(pack -> pack.postcode(draft, pin));
        }
    }
}
