package io.offtake.network;

import io.offtake.rules.DecideCommand;
import io.offtake.rules.RuleBook;
import java.util.List;

/// Outlets as the rules see them.
public final class RuleOutlets {
    private RuleOutlets() {}

    /// @param credit the outlet's standing with the document's principal; empty: it has no credit there
    public static DecideCommand.Outlet of(Printed.Buyer buyer, List<DecideCommand.CreditAccount> credit) {
        return new DecideCommand.Outlet(buyer.id().toString(), buyer.channel(), buyer.outletClass(), buyer.group(),
                buyer.parentId() == null ? null : buyer.parentId().toString(), buyer.stateCode(), RuleBook.Registration.valueOf(buyer.registration()),
                buyer.gstin(), !isBillable(buyer), credit);
    }

    /// The outlet with what some schemes ask of it beside its master: where it lies, whether this is its first bill, and whether it
    /// keeps its must-sell list.
    public static DecideCommand.Outlet with(DecideCommand.Outlet outlet, List<String> territories, boolean firstOrder, boolean mslCompliant) {
        return new DecideCommand.Outlet(outlet.id(), outlet.channel(), outlet.outletClass(), outlet.group(), outlet.parentId(), outlet.stateCode(), outlet.registration(), outlet.gstin(),
                outlet.blocked(), outlet.credit(), territories, firstOrder, mslCompliant);
    }

    /// Only an active or dormant outlet is billed (domain/02 section 2.3).
    private static boolean isBillable(Printed.Buyer buyer) {
        return buyer.status().equals("ACTIVE") || buyer.status().equals("DORMANT");
    }
}
