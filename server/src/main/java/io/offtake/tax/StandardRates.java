package io.offtake.tax;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rates of India that come with the product, with the changes of 22-09-2025 and 01-02-2026 (IN-07): a file in the columns of
/// the import of tax rates, which is how an installation takes them over; the example network begins with them.
public final class StandardRates {
    private StandardRates() {}

    /// @param percent the whole GST rate
    public record Row(String hsn, LocalDate from, @Nullable LocalDate to, BigDecimal percent, BigDecimal cessPercent, String kind, String source, String regime) {}

    public static List<Row> india() {
        try (var file = StandardRates.class.getResourceAsStream("/tax/india/rates.csv")) {
            if (file == null) throw new IllegalStateException("the standard rates are missing");
            return CsvReader.builder().ofNamedCsvRecord(new InputStreamReader(file, StandardCharsets.UTF_8)).stream()
                    .map(row -> new Row(row.getField("HSN"), LocalDate.parse(row.getField("From")), row.getField("To").isEmpty() ? null : LocalDate.parse(row.getField("To")), new BigDecimal(row.getField("Rate %")),
                            new BigDecimal(row.getField("Cess %")), row.getField("Kind"), row.getField("Source"), row.getField("Regime"))).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
