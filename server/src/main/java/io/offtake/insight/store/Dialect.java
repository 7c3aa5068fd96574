package io.offtake.insight.store;

import io.offtake.insight.Dimension;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/// What the two engines say differently; everything else of a statement is the same text for both.
enum Dialect {
    POSTGRES {
        @Override
        Sql among(String column, long[] ids) {
            return Sql.of(column + " = any (?)", ids);
        }

        @Override
        Sql keys(String column, Dimension dimension, List<Object> keys) {
            var type = switch (dimension.type()) {
                case NUMBER -> "int8";
                case UUID -> "uuid";
                case TEXT -> "text";
                case DATE -> "date";
            };
            return Sql.of(column + " = any (?)", new Sql.Array(type, keys));
        }

        @Override
        String number() {
            return "numeric";
        }

        @Override
        String whole(String number) {
            return "(" + number + ")";
        }

        @Override
        String quotient(String above, String below) {
            return "div(" + above + ", " + below + ")";
        }

        @Override
        String outKey(Dimension dimension, int i) {
            return "m.k" + i;
        }

        @Override
        String stockNow() {
            return """
                    (select b.distributor_id, b.sku_id, b.principal_id, b.batch_no, b.bucket, b.qty, b.unit_cost, b.expires_on, 'LIVE' as source from stock.balance b where b.qty > 0
                     union all
                     select n.distributor_id, n.sku_id, n.principal_id, n.batch_no, n.bucket, n.qty, n.unit_cost, n.expires_on, 'FILE' from insight.stock_batch n where n.qty > 0)""";
        }

        @Override
        String firstReceipts() {
            return "(select c.distributor_id, c.sku_id, min(c.received_on) as received_on from catalog.batch c group by 1, 2)";
        }

        @Override
        String openItems() {
            return """
                    (select i.distributor_id, i.document_id, i.principal_id, i.outlet_id, i.kind, i.number, i.due_on, i.open_amount, 'LIVE' as source, o.beat_id, o.channel, o.outlet_class
                       from receivables.open_item i left join network.outlet o on o.distributor_id = i.distributor_id and o.id = i.outlet_id where i.open_amount > 0
                     union all
                     select i.distributor_id, i.document_id, i.principal_id, i.outlet_id, i.kind, i.number, i.due_on, i.open_amount, 'FILE', o.beat_id, o.channel, o.outlet_class
                       from insight.receivable_item i left join network.outlet o on o.distributor_id = i.distributor_id and o.id = i.outlet_id where i.open_amount > 0)""";
        }

        @Override
        String places() {
            return """
                    (select d.id as distributor_id, case when t.kind = 'TERRITORY' then t.id end as territory_id,
                            case when t.kind = 'REGION' then t.id when p.kind = 'REGION' then p.id when g.kind = 'REGION' then g.id end as region_id,
                            d.tier, d.supplier_id
                       from network.distributor d left join network.territory t on t.id = d.territory_id left join network.territory p on p.id = t.parent_id left join network.territory g on g.id = p.parent_id)""";
        }
    },
    COLUMNAR {
        @Override
        Sql among(String column, long[] ids) {
            if (ids.length == 0) return Sql.of("false");
            var list = Arrays.stream(ids).mapToObj(Long::toString).collect(Collectors.joining(", "));
            // joined with, a list tells the scan which blocks to leave out; written as constants it does not. As one text it is planned in two thirds of the time
            return Sql.of(column + (ids.length < 2 ? " in (" + list + ")" : " in (select unnest('[" + list + "]'::bigint[]))"));
        }

        @Override
        Sql keys(String column, Dimension dimension, List<Object> keys) {
            if (keys.isEmpty()) return Sql.of("false");
            var marks = String.join(", ", Collections.nCopies(keys.size(), "?"));
            var values = keys.toArray();
            if (!internal(dimension)) return Sql.of(column + " in (" + marks + ")", values);
            return Sql.of(column + " in (select z.id from network." + dimension.id() + " z where z.uid in (" + marks + "))", values);
        }

        @Override
        String number() {
            return "decimal(30,4)";
        }

        @Override
        String whole(String number) {
            return "((" + number + ")::decimal(30,4) * 10000::decimal(5,0))::hugeint";
        }

        @Override
        String quotient(String above, String below) {
            return "((" + above + ") // (" + below + "))";
        }

        @Override
        String outKey(Dimension dimension, int i) {
            return internal(dimension) ? "t" + i + ".uid" : "m.k" + i;
        }

        @Override
        String stockNow() {
            return "insight.stock_now";
        }

        @Override
        String firstReceipts() {
            return "insight.first_receipt";
        }

        @Override
        String openItems() {
            return "insight.open_now";
        }

        @Override
        String places() {
            return "network.place";
        }
    };

    /// Whether a column is one of some distributors (or principals).
    abstract Sql among(String column, long[] ids);

    /// Whether a column is one of the keys of a filter.
    abstract Sql keys(String column, Dimension dimension, List<Object> keys);

    /// The type that parts are added in.
    abstract String number();

    /// A part as a whole number; all parts of a quotient get the same factor.
    abstract String whole(String number);

    /// Quotient of two whole numbers, towards zero.
    abstract String quotient(String above, String below);

    /// The key that leaves the engine.
    abstract String outKey(Dimension dimension, int i);

    abstract String stockNow();

    abstract String firstReceipts();

    abstract String openItems();

    abstract String places();

    /// Outlets and beats are small whole numbers inside the columnar store.
    static boolean internal(Dimension dimension) {
        return dimension.id().equals("outlet") || dimension.id().equals("beat");
    }
}
