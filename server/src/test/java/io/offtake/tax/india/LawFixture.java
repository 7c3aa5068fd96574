package io.offtake.tax.india;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.regex.Pattern;

/// The seeded thresholds, read from the migration, so that pure tests hold the very rows to the vectors.
public final class LawFixture {
    private static final Pattern ROW = Pattern.compile("\\('([A-Z0-9_]+)', '([0-9]*)', ([0-9]+|null), date '([0-9-]+)', (?:date '([0-9-]+)'|null), '([^']*)'\\)");

    private LawFixture() {}

    public static Law law() {
        try {
            var rows = new ArrayList<Law.Row>();
            var matcher = ROW.matcher(Files.readString(Path.of("src/main/resources/db/migration/tax/V130__india_law.sql")));
            while (matcher.find())
                rows.add(new Law.Row(Law.Key.valueOf(matcher.group(1)), matcher.group(2), matcher.group(3).equals("null") ? null : new BigDecimal(matcher.group(3)), LocalDate.parse(matcher.group(4)),
                        matcher.group(5) == null ? null : LocalDate.parse(matcher.group(5)), matcher.group(6)));
            return new Law(rows);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
