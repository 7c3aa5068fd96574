package io.offtake.example.app;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.claims.Claims;
import io.offtake.platform.Evidence;
import io.offtake.platform.Ids;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Claims of the month that is over, in every state, by the steps that people take. What the rules approve is approved; of the rest some
/// are asked about, cut, rejected or disputed, and more than twenty wait for the auditor. A repeat finds nothing left to draft.
@Component
class MaruliaClaims {
    private final Claims claims;
    private final Users users;
    private final Evidence evidence;
    private final Ids ids;

    MaruliaClaims(Claims claims, Users users, Evidence evidence, Ids ids) {
        this.claims = claims;
        this.users = users;
        this.evidence = evidence;
        this.ids = ids;
    }

    /// @param told whether it is the distributor whose people sign in: its claims stand in every state
    void make(long distributorId, boolean told, LocalDate today) {
        var owner = told ? users.caller("owner").orElseThrow() : new Caller(-distributorId, "owner of " + distributorId, "Owner", Set.of(Role.DO), RowScope.of(distributorId), "en");
        var month = YearMonth.from(today).minusMonths(1);
        if (told) late(distributorId, owner, month.minusMonths(1));
        var drafted = claims.draft(distributorId, month);
        if (drafted.made() == 0) return;
        // some wait for the distributor
        var filed = drafted.claims().subList(Math.min(told ? 3 : 1, drafted.claims().size()), drafted.claims().size());
        var review = new ArrayList<UUID>();
        var approved = new ArrayList<UUID>();
        for (var claim : filed)
            if (needsProof(owner, claim)) claims.attach(owner, claim, "PAYOUT_PROOF", paper(distributorId, claim), "Credit notes to outlets.pdf");
        claims.submit(owner, filed);
        for (var claim : filed) {
            (claims.standing(owner, claim).status().equals("APPROVED") ? approved : review).add(claim);
        }
        decide(owner, review, told ? 0 : 5 + (int) (distributorId % 3));
        var treasury = users.caller("treasury").orElseThrow();
        for (var claim : approved.subList(0, approved.size() / 2)) claims.settle(treasury, claim, ids.next(), "FIN_CN", null);
    }

    /// A paper of one empty page.
    private String paper(long distributorId, UUID claim) {
        var page = "%PDF-1.4\n% " + claim + "\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
                + "trailer<</Root 1 0 R>>\n%%EOF\n";
        return evidence.store(distributorId, page.getBytes(StandardCharsets.US_ASCII), "owner").hash();
    }

    /// The month before, filed after its window where that is over: it waits for a waiver.
    private void late(long distributorId, Caller owner, YearMonth month) {
        var drafted = claims.draft(distributorId, month);
        if (drafted.made() == 0) return;
        claims.submit(owner, drafted.claims().stream().filter(claim -> !needsProof(owner, claim)).limit(3).toList());
    }

    private boolean needsProof(Caller owner, UUID claim) {
        return claims.standing(owner, claim).type().equals("CT-2");
    }

    /// @param first which way the first one goes; beyond the ways there are, it waits on the desk: more than twenty do, in all
    private void decide(Caller owner, List<UUID> review, int first) {
        var auditor = users.caller("claims").orElseThrow();
        var other = users.caller("claims2").orElseThrow();
        var finance = users.caller("finance").orElseThrow();
        var treasury = users.caller("treasury").orElseThrow();
        int way = first;
        for (var claim : review) {
            switch (way++ % 10) {
                case 0 -> claims.query(auditor, claim, "Which delivery was the bill of the last day for?");
                case 1 -> {
                    claims.decide(auditor, claim, "LINES", null, List.of(new Claims.LineDecision(1, BigDecimal.ZERO, "NOT_PROVEN", "The outlet's copy is missing")));
                    confirm(finance, claim);
                    settle(treasury, claim);
                }
                case 2 -> {
                    claims.decide(auditor, claim, "REJECT", "NOT_PROVEN", List.of());
                    confirm(finance, claim);
                    claims.dispute(owner, claim, "The outlet's copies are with the driver.", List.of(1));
                }
                case 4 -> {
                    claims.decide(other, claim, "APPROVE", null, List.of());
                    confirm(finance, claim);
                    settle(treasury, claim);
                }
                case 5 -> claims.decide(auditor, claim, "REJECT", "NOT_ELIGIBLE", List.of());
                case 6 -> {
                    claims.query(other, claim, "Please send the delivery note.");
                    claims.reply(owner, claim, "It was a counter sale; the bill is signed.");
                }
                default -> {
                    // it waits on the desk
                }
            }
        }
    }

    private void confirm(Caller finance, UUID claim) {
        if ("FINANCE".equals(claims.standing(finance, claim).awaits())) claims.confirm(finance, claim);
    }

    private void settle(Caller treasury, UUID claim) {
        if ("SETTLEMENT".equals(claims.standing(treasury, claim).awaits())) claims.settle(treasury, claim, ids.next(), "FIN_CN", null);
    }
}
