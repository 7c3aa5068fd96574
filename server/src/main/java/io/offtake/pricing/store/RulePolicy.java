package io.offtake.pricing.store;

import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.RuleBook;
import java.util.List;
import java.util.Map;

/// The policies in force as the rules see them; where no row is, what [PolicyKey] has built in.
final class RulePolicy {
    private RulePolicy() {}

    static RuleBook.Policy of(Policies.Values values) {
        var shelfLife = values.byChannel().getOrDefault(PolicyKey.SHELF_LIFE_DAYS.key(), Map.of()).entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(channel -> new RuleBook.ShelfLife(channel.getKey(), Integer.parseInt(channel.getValue()))).toList();
        return new RuleBook.Policy(values.days(PolicyKey.SHELF_LIFE_DAYS), shelfLife, values.days(PolicyKey.NEAR_EXPIRY_DAYS),
                new RuleBook.Credit(check(values, PolicyKey.CREDIT_LIMIT_CHECK), check(values, PolicyKey.CREDIT_OVERDUE_CHECK), values.days(PolicyKey.CREDIT_OVERDUE_DAYS),
                        List.of(DecideCommand.PaymentMode.CREDIT)),
                check(values, PolicyKey.FLOOR_CHECK), check(values, PolicyKey.CEILING_CHECK));
    }

    private static RuleBook.Check check(Policies.Values values, PolicyKey key) {
        return RuleBook.Check.valueOf(String.valueOf(values.text(key)));
    }
}
