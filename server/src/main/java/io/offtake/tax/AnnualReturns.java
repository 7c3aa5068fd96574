package io.offtake.tax;

import io.offtake.platform.Pipeline;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/// Which annual returns a distributor has filed: they end the time of tax credit notes (IN-22).
public final class AnnualReturns {
    private AnnualReturns() {}

    /// The day of filing by fiscal year (the year in which it begins); years not filed are absent.
    public static Pipeline.Answer<Map<Integer, LocalDate>> read(Pipeline load, long distributorId) {
        return load.query("select year, annual_return_filed_on from tax.fiscal_year where distributor_id = ? and annual_return_filed_on is not null",
                rows -> {
                    var found = new HashMap<Integer, LocalDate>();
                    while (rows.next()) found.put(rows.getInt(1), rows.getObject(2, LocalDate.class));
                    return found;
                }, distributorId);
    }
}
