package io.offtake.pricing.app;

import io.offtake.access.Caller;
import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.BundlePart;
import io.offtake.governance.Canonical;
import io.offtake.governance.Masters;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.IfMatch;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.store.PriceListMaster;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Price lists in bundles: head and lines by codes. One that comes in becomes the next version of the list with its code.
@Component
class PriceListBundles implements BundlePart {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TenantTransaction transactions;
    private final Masters masters;
    private final PriceListMaster lists;
    private final Publishing publishing;

    PriceListBundles(TenantTransaction transactions, Masters masters, PriceListMaster lists, Publishing publishing) {
        this.transactions = transactions;
        this.masters = masters;
        this.lists = lists;
        this.publishing = publishing;
    }

    @Override
    public String kind() {
        return "price-lists";
    }

    private record Head(long id, String code, String name, String principal, int level, @Nullable String distributor, @Nullable String zone, @Nullable String channel, @Nullable String outletClass,
                        boolean taxInclusive, boolean mrpLinked, @Nullable BigDecimal marginPercent, @Nullable String marginBasis, @Nullable String priceUnit, LocalDate validFrom,
                        @Nullable LocalDate validTo, String status) {}

    private static final String HEAD = """
            select l.id, l.code, l.name, p.code as principal, l.level, d.code as distributor, l.zone, l.channel, l.outlet_class, l.tax_inclusive, l.mrp_linked, l.margin_percent, l.margin_basis,
                   l.price_unit, l.valid_from, l.valid_to, l.status
              from pricing.price_list l
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = l.principal_id
              left join\s""" + NetworkRelations.DISTRIBUTORS + """
               d on d.id = l.distributor_id
             where l.status = 'PUBLISHED' and l.version_no = (select max(x.version_no) from pricing.price_list x where x.code = l.code and x.status = 'PUBLISHED')""";

    @Override
    public List<Part> parts(Caller caller) {
        return transactions.shared(db -> {
            var parts = new ArrayList<Part>();
            for (var head : db.sql(HEAD + " order by l.code").query(Head.class).list()) parts.add(new Part(head.code, content(db, head)));
            return parts;
        });
    }

    private static ObjectNode content(JdbcClient db, Head head) {
        var node = JSON.createObjectNode();
        node.put("code", head.code).put("name", head.name).put("principal", head.principal).put("level", head.level).put("taxInclusive", head.taxInclusive).put("mrpLinked", head.mrpLinked)
                .put("validFrom", head.validFrom.toString());
        put(node, "distributor", head.distributor);
        put(node, "zone", head.zone);
        put(node, "channel", head.channel);
        put(node, "outletClass", head.outletClass);
        put(node, "marginPercent", head.marginPercent == null ? null : head.marginPercent.stripTrailingZeros().toPlainString());
        put(node, "marginBasis", head.marginBasis);
        put(node, "priceUnit", head.priceUnit);
        put(node, "validTo", head.validTo == null ? null : head.validTo.toString());
        var lines = node.putArray("lines");
        db.sql("select s.code, n.mrp, n.price from pricing.price_list_line n join " + CatalogRelations.SKUS + " s on s.id = n.sku_id where n.price_list_id = :id order by s.code, n.mrp").param("id", head.id).query(row -> {
            var line = lines.addObject().put("sku", row.getString(1));
            if (row.getBigDecimal(2).signum() > 0) line.put("mrp", row.getBigDecimal(2).toPlainString());
            if (row.getBigDecimal(3) != null) line.put("price", row.getBigDecimal(3).stripTrailingZeros().toPlainString());
        });
        return node;
    }

    private static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null) node.put(name, value);
    }

    /// What decides prices, whatever the version and its days.
    private static String substance(JsonNode content) {
        var node = (ObjectNode) content.deepCopy();
        for (var own : List.of("validFrom", "validTo", "name")) node.remove(own);
        return Canonical.text(node);
    }

    @Override
    public @Nullable UUID propose(Caller caller, Part part, LocalDate from, String origin) {
        var content = part.content();
        var code = content.path("code").asString("");
        var known = transactions.shared(db -> db.sql(HEAD + " and l.code = :code").param("code", code).query(Head.class).optional().map(head -> new Known(head, content(db, head)))).orElse(null);
        if (known != null && substance(known.content).equals(substance(content))) return null;
        var first = day(content, "validFrom");
        if (first == null || first.isBefore(from)) first = from;
        long id;
        if (known != null) {
            id = publishing.nextVersion(caller, known.head.id, first.isAfter(known.head.validFrom) ? first : known.head.validFrom.plusDays(1), null);
        } else {
            id = (Long) masters.create(caller, lists, null, null, new PriceListMaster.PriceListForm(code, 1, content.path("name").asString(code), content.path("principal").asString(""), content.path("level").asInt(7),
                    text(content, "distributor"), text(content, "zone"), text(content, "channel"), text(content, "outletClass"), "PTR", content.path("taxInclusive").asBoolean(false),
                    content.path("mrpLinked").asBoolean(false), decimal(content, "marginPercent"), text(content, "marginBasis"), text(content, "priceUnit"), first, null, null)).id();
        }
        int version = transactions.write(AuditTrail.NETWORK, db -> fill(db, id, content));
        return publishing.publish(caller, id, new IfMatch(version), "Bundle " + origin).request().id();
    }

    private record Known(Head head, JsonNode content) {}

    private static int fill(JdbcClient db, long id, JsonNode content) {
        db.sql("""
                update pricing.price_list set tax_inclusive = :taxInclusive, mrp_linked = :mrpLinked, margin_percent = :margin, margin_basis = :basis, price_unit = :unit, version = version + 1
                 where id = :id and status = 'DRAFT'""")
                .param("id", id).param("taxInclusive", content.path("taxInclusive").asBoolean(false)).param("mrpLinked", content.path("mrpLinked").asBoolean(false)).param("margin", decimal(content, "marginPercent"))
                .param("basis", text(content, "marginBasis")).param("unit", text(content, "priceUnit")).update();
        db.sql("delete from pricing.price_list_line n using pricing.price_list l where l.id = n.price_list_id and l.id = :id and l.status = 'DRAFT'").param("id", id).update();
        var missing = new ArrayList<String>();
        for (var line : content.path("lines")) {
            int added = db.sql("""
                            insert into pricing.price_list_line (price_list_id, sku_id, mrp, price)
                            select l.id, s.id, :mrp, :price from pricing.price_list l join\s""" + CatalogRelations.SKUS + " s on s.principal_id = l.principal_id and s.code = :sku where l.id = :id")
                    .param("id", id).param("sku", line.path("sku").asString("")).param("mrp", line.has("mrp") ? decimal(line, "mrp") : BigDecimal.ZERO).param("price", decimal(line, "price")).update();
            if (added == 0) missing.add(line.path("sku").asString(""));
        }
        if (!missing.isEmpty()) throw Problem.of(ProblemCode.INVALID, "The principal has no SKU " + String.join(", ", missing.subList(0, Math.min(20, missing.size()))) + " here.").exception();
        return db.sql("select version from pricing.price_list where id = :id").param("id", id).query(Integer.class).single();
    }

    private static @Nullable LocalDate day(JsonNode content, String name) {
        var text = text(content, name);
        return text == null ? null : LocalDate.parse(text);
    }

    private static @Nullable BigDecimal decimal(JsonNode content, String name) {
        var text = text(content, name);
        return text == null ? null : new BigDecimal(text);
    }

    private static @Nullable String text(JsonNode content, String name) {
        var value = content.path(name);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }
}
