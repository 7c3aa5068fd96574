package io.offtake.rules.web;

import io.offtake.rules.CommandJson;
import io.offtake.rules.DecisionJson;
import io.offtake.rules.Engine;
import io.offtake.rules.Json;
import io.offtake.rules.QuantityEntry;
import io.offtake.rules.RuleBookJson;
import java.util.ArrayList;
import java.util.List;

/// The opened books and what both modules do with them. The compiler exports every exported method of a class it meets, so
/// what they share is here and exports nothing.
final class Books {
    private static final List<Engine> ENGINES = new ArrayList<>();

    private Books() {}

    static int open(String snapshot) {
        var engine = Engine.of(RuleBookJson.read(snapshot));
        for (int at = 0; at < ENGINES.size(); at++)
            if (ENGINES.get(at) == null) {
                ENGINES.set(at, engine);
                return at + 1;
            }
        ENGINES.add(engine);
        return ENGINES.size();
    }

    static void release(int handle) {
        if (handle >= 1 && handle <= ENGINES.size()) ENGINES.set(handle - 1, null);
    }

    static Engine engine(int handle) {
        var engine = handle >= 1 && handle <= ENGINES.size() ? ENGINES.get(handle - 1) : null;
        if (engine == null) throw new IllegalArgumentException("no rule book is open under handle " + handle);
        return engine;
    }

    static String decide(int handle, String command) {
        var engine = engine(handle);
        return DecisionJson.write(engine.decide(CommandJson.read(command, engine.book())));
    }

    static String parseQuantity(int handle, String skuId, String text) {
        var sku = engine(handle).sku(skuId);
        var out = new Json.Writer(128);
        out.openObject();
        if (sku == null) out.openObject("error").text("code", "SKU_UNKNOWN").openObject("values").text("skuId", skuId).closeObject()
                .openObject("accepted").closeObject().closeObject();
        else switch (QuantityEntry.parse(sku, text)) {
            case QuantityEntry.Outcome.Ok ok -> out.text("qty", ok.qty()).text("text", QuantityEntry.format(sku, ok.qty()));
            case QuantityEntry.Outcome.Refused refused -> {
                out.openObject("error").text("code", refused.refusal().code()).openObject("values");
                for (var value : refused.refusal().values()) out.text(value.name(), value.value());
                out.closeObject().openObject("accepted");
                for (var value : refused.refusal().accepted()) out.text(value.name(), value.value());
                out.closeObject().closeObject();
            }
        }
        return out.closeObject().toString();
    }
}
