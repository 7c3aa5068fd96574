package io.offtake.exchange.app;

import io.offtake.access.Caller;
import io.offtake.access.Directory;
import io.offtake.exchange.domain.TableWriter;
import io.offtake.governance.Master;
import io.offtake.governance.Masters;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Masters as files: what is filtered, within row scope, in the columns that an import reads.
@Component
public class Exports {
    private static final int SAMPLE_ROWS = 10;

    private final Imports imports;
    private final Masters store;
    private final Directory directory;

    Exports(Imports imports, Masters store, Directory directory) {
        this.imports = imports;
        this.store = store;
        this.directory = directory;
    }

    /// @param format csv or xlsx
    public byte[] export(Caller caller, String type, String format, ListQuery query) {
        return write(caller, imports.master(type), format, query, Integer.MAX_VALUE);
    }

    /// A sample file is a real export of the first rows.
    public byte[] sample(Caller caller, String type, String format) {
        return write(caller, imports.master(type), format, ListQuery.first(), SAMPLE_ROWS);
    }

    private <F extends Record> byte[] write(Caller caller, Master<F> master, String format, ListQuery query, int rowsMax) {
        caller.require(master.reads());
        boolean owned = master.owner() == Master.Owner.DISTRIBUTOR;
        Map<Long, String> codes = new HashMap<>();
        if (owned) directory.named(caller.scope().distributors()).forEach(entry -> codes.put(entry.id(), entry.code()));
        var out = new ByteArrayOutputStream();
        try (var writer = writer(out, format, master.type())) {
            var headings = new ArrayList<String>();
            if (owned) headings.add("Distributor");
            master.columns().forEach(column -> headings.add(column.title()));
            writer.row(headings);
            var count = new int[1];
            store.each(caller, master, query, stored -> {
                if (count[0]++ >= rowsMax) return;
                var values = new ArrayList<@Nullable Object>();
                if (owned) values.add(codes.getOrDefault(stored.distributorId(), ""));
                master.columns().forEach(column -> values.add(column.value().apply(stored.form())));
                try {
                    writer.row(values);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return out.toByteArray();
    }

    private static TableWriter writer(OutputStream out, String format, String name) throws IOException {
        return switch (format) {
            case "csv" -> TableWriter.csv(out, ',');
            case "xlsx" -> TableWriter.xlsx(out, name);
            default -> throw Problem.of(ProblemCode.MALFORMED, "There is no format " + format + ".").at("?format", ProblemCode.MALFORMED, "is csv or xlsx", java.util.List.of("csv", "xlsx")).exception();
        };
    }
}
