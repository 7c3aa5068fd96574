package io.offtake.schemes.store;

import io.offtake.catalog.Skus;
import io.offtake.governance.Finding;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.rules.Engine;
import io.offtake.rules.Json;
import io.offtake.rules.Rate;
import io.offtake.rules.RuleBook;
import io.offtake.rules.RuleBookJson;
import io.offtake.rules.Scheme;
import io.offtake.rules.SchemeChecks;
import io.offtake.rules.SchemeChecks.Code;
import io.offtake.schemes.Schemes;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// The rules' own set-up checks (domain/04 section 4.4) of a scheme that is to enter the book: against the principal's SKUs and the
/// schemes of the same days. What needs prices is found by the simulation.
@Component
class RuleChecks {
    private static final int SCALE = 2;
    private static final Rate REWARD_MAX = Rate.ofPercent("30");
    private static final Set<Code> NEED_PRICES = EnumSet.of(Code.REWARD_NOT_PRICED, Code.BELOW_FLOOR, Code.BUNDLE_SAVES_NOTHING, Code.PERIOD_CROSSES_PRICE_REVISION);

    private static final RuleBook.Policy NO_CHECKS = new RuleBook.Policy(0, List.of(), 0,
            new RuleBook.Credit(RuleBook.Check.OFF, RuleBook.Check.OFF, 0, List.of()), RuleBook.Check.OFF, RuleBook.Check.OFF);

    private final Skus skus;
    private final Schemes schemes;
    private final Policies policies;

    RuleChecks(Skus skus, Schemes schemes, Policies policies) {
        this.skus = skus;
        this.schemes = schemes;
        this.policies = policies;
    }

    List<Finding> of(JdbcClient db, ObjectNode definition) {
        var principal = definition.path("principalId").asString();
        int from = definition.path("validFrom").asInt();
        int to = definition.path("validTo").asInt();
        var others = new ArrayList<Scheme>();
        for (var text : schemes.definitions(db, LocalDate.ofEpochDay(from), LocalDate.ofEpochDay(Math.max(from, to)))) {
            var other = RuleBookJson.scheme(Json.object(text), SCALE);
            if (other.principalId().equals(principal) && !other.id().equals(definition.path("id").asString())) others.add(other);
        }
        var book = new RuleBook(new RuleBook.Seller("0", null, RuleBook.Registration.REGULAR, null), new RuleBook.Currency("INR", SCALE),
                new RuleBook.RoundingPolicy("0", 0, RuleBook.DocumentRounding.NONE), from, Math.max(from, to), List.of(),
                skus.all(db, SCALE).stream().filter(sku -> sku.principalId().equals(principal)).toList(), List.of(), others, List.of(), NO_CHECKS);
        var found = new ArrayList<Finding>();
        for (var one : SchemeChecks.check(Engine.of(book), Json.object(definition.toString()), REWARD_MAX)) {
            if (NEED_PRICES.contains(one.code())) continue;
            var text = new StringBuilder(one.code().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            var separator = ": ";
            for (var value : one.values()) {
                text.append(separator).append(value.name()).append(' ').append(value.value());
                separator = ", ";
            }
            found.add(new Finding(one.code().name(), "domain/04 4.4", one.severity() == SchemeChecks.Severity.BLOCK ? Finding.Severity.ERROR : Finding.Severity.WARNING,
                    one.pointer().replaceFirst("^/", ""), text.toString(), one.severity() == SchemeChecks.Severity.BLOCK ? "Correct it" : "Change it, or say why it is meant"));
        }
        found.addAll(cashDiscount(db, definition, LocalDate.ofEpochDay(from)));
        return found;
    }

    /// PX-20: a cash discount promises no more than the network's policy allows when it begins.
    private List<Finding> cashDiscount(JdbcClient db, ObjectNode definition, LocalDate from) {
        if (!definition.path("mechanic").path("type").asString("").equals("CASH_DISCOUNT")) return List.of();
        var most = new BigDecimal(String.valueOf(policies.read(db, 0, from).text(PolicyKey.CASH_DISCOUNT_MAX)));
        var found = new ArrayList<Finding>();
        var terms = definition.path("mechanic").path("terms");
        for (int at = 0; at < terms.size(); at++) {
            var percent = new BigDecimal(terms.get(at).path("percent").asString("0")).movePointRight(2);
            if (percent.compareTo(most) > 0)
                found.add(new Finding("CASH_DISCOUNT_OVER_POLICY", PolicyKey.CASH_DISCOUNT_MAX.rule(), Finding.Severity.ERROR, "mechanic/terms/" + at + "/percent",
                        percent.stripTrailingZeros().toPlainString() + " % is more than the policy " + PolicyKey.CASH_DISCOUNT_MAX.key() + " allows",
                        "At most " + most.stripTrailingZeros().toPlainString() + " %"));
        }
        return found;
    }
}
