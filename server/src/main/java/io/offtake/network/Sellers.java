package io.offtake.network;

import io.offtake.rules.RuleBook;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Distributors as suppliers and the principals they sell for: the network's part of a rule book.
public interface Sellers {

    /// @param priceZone the zone of its level-6 price lists (PX-01), null for none
    /// @param currency  ISO 4217
    record Seller(long distributorId, String code, String stateCode, RuleBook.Registration registration, @Nullable String priceZone,
                  String currency, String taxRegime, String timeZone) {}

    /// Reads a distributor in the caller's transaction.
    /// @throws io.offtake.platform.ProblemException NOT_FOUND
    Seller seller(JdbcClient db, long distributorId);

    /// The distributor's own tax number; empty if it has none.
    Optional<String> taxId(JdbcClient db, long distributorId);

    /// Every principal the distributor was ever linked to; old documents are replayed with the same book.
    List<RuleBook.Principal> principals(JdbcClient db, long distributorId);

    /// A distributor that sells the principal's goods, the first one there was; empty if nobody does.
    Optional<Long> sellerOf(JdbcClient db, long principalId);
}
