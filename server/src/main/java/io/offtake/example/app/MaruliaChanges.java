package io.offtake.example.app;

import io.offtake.access.Caller;
import io.offtake.access.Users;
import io.offtake.example.store.MaruliaMasters;
import io.offtake.governance.ChangeRequests;
import io.offtake.governance.ChangeRequests.Origin;
import io.offtake.governance.ChangeRequests.Proposal;
import io.offtake.governance.Finding.Severity;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import java.time.LocalDate;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// What the example's people have proposed and what waits for somebody's decision, so that nobody meets an empty approvals
/// screen. It goes through the mechanism like everything else; a repeat finds the same open requests.
@Component
class MaruliaChanges {
    private final ChangeRequests changes;
    private final Users users;
    private final JsonMapper json;

    MaruliaChanges(ChangeRequests changes, Users users, JsonMapper json) {
        this.changes = changes;
        this.users = users;
        this.json = json;
    }

    /// @param today first day on which something could be proposed for
    void make(LocalDate today) {
        var sales = users.caller("sales").orElseThrow();
        var finance = users.caller("finance").orElseThrow();
        var coe = users.caller("coe").orElseThrow();
        if (!changes.list(sales, ListQuery.first(), false, false).items().isEmpty()) return;
        approved(coe, finance, "templates", "An offer that areas may adapt", """
                {"code": "AREA-OFFER", "name": "Area offer on biscuits", "kind": "schemes",
                 "content": {"code": "AREA-OFFER", "name": "Area offer on biscuits", "principal": "%s", "stage": "LINE", "validFrom": "%s", "validTo": "%s",
                             "mechanic": {"type": "DISCOUNT", "reward": {"percent": "0.02"}}, "products": {"categoryIds": ["MAR-GLU"]}, "stacking": "CASCADE", "exclusionGroup": "AREA",
                             "priority": 50, "principalShare": "0.5", "claimable": true, "claimRate": "PTS"},
                 "parameters": [{"field": "/mechanic/reward/percent", "min": "0.01", "max": "0.03"}]}"""
                .formatted(MaruliaMasters.PRINCIPAL, today.plusDays(1), today.plusDays(31)));
        approved(coe, finance, "policies", "Modern trade sends back what is nearly over", """
                {"key": "stock.shelf-life-days", "scope": "CHANNEL", "scopeValue": "MODERN_TRADE", "value": "15", "validFrom": "%s"}""".formatted(today));
        proposed(sales, "schemes", "Winter push: cookies earn from half a case on", """
                {"code": "COOKIE-WINTER", "name": "Winter cookies, 3 and 5 %%", "principal": "%s", "stage": "LINE", "validFrom": "%s", "validTo": "%s",
                 "mechanic": {"type": "WHOLE_SLAB", "basis": "BASE_QTY", "slabs": [{"from": "24", "reward": {"percent": "0.03"}}, {"from": "96", "reward": {"percent": "0.05"}}]},
                 "products": {"categoryIds": ["MAR-CKE"]}, "eligibility": {"channels": ["GROCER"]}, "stacking": "CASCADE", "exclusionGroup": "WINTER", "priority": 30, "principalShare": "1",
                 "claimable": true, "claimRate": "PTS", "limits": {"total": {"amount": "250000.00"}}}""".formatted(MaruliaMasters.PRINCIPAL, today.plusDays(3), today.plusDays(60)));
        proposed(coe, "policies", "Cash above one lakh a day is a risk for the owner", """
                {"key": "collection.cash-limit", "scope": "NETWORK", "value": "100000", "validFrom": "%s"}""".formatted(today.plusDays(7)));
    }

    private ChangeRequests.Detail proposed(Caller maker, String kind, String reason, String content) {
        var opened = changes.propose(maker, new ChangeRequests.NewChange(null, kind, null, null, reason, null, List.of(new Proposal(null, json.readTree(content))), Origin.USER, null, null));
        if (opened.request().status() != ChangeRequests.Status.DRAFT) return opened;
        var warnings = opened.findings().stream().filter(found -> found.severity() == Severity.WARNING).map(ChangeRequests.Found::code).distinct().toList();
        return changes.submit(maker, opened.request().id(), new IfMatch(opened.request().revision()), reason, warnings);
    }

    private void approved(Caller maker, Caller checker, String kind, String reason, String content) {
        var submitted = proposed(maker, kind, reason, content).request();
        if (submitted.status() == ChangeRequests.Status.SUBMITTED) changes.approve(checker, submitted.id(), submitted.contentHash(), "Agreed in the steering group", List.of());
    }
}
