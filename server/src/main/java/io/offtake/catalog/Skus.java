package io.offtake.catalog;

import io.offtake.rules.RuleBook;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The network's one SKU master (OUT-12): its part of a rule book.
public interface Skus {

    /// All SKUs with their units, in the caller's transaction, whatever their status: a document of last month may hold a
    /// discontinued one.
    /// @param moneyScale decimals of the currency the MRPs are in
    List<RuleBook.Sku> all(JdbcClient db, int moneyScale);
}
