package io.offtake.pricing.store;

import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The prices of a draft price list, one line for a SKU, or for a SKU at one MRP.
@Component
public class PriceLineMaster extends Master<PriceLineMaster.PriceLineForm> {
    private static final BigDecimal MAX = new BigDecimal(100_000_000);

    /// @param list      code of the price list
    /// @param versionNo its version; 0: the draft
    /// @param sku       code
    /// @param mrp       0: whatever the batch's MRP
    /// @param price     in the list's unit; null only in MRP-linked lists
    public record PriceLineForm(String list, @Nullable Integer versionNo, String sku, @Nullable BigDecimal mrp, @Nullable BigDecimal price) {
        public PriceLineForm {
            list = Texts.of(list);
            versionNo = versionNo == null ? 0 : versionNo;
            sku = Texts.of(sku);
            mrp = mrp == null ? BigDecimal.ZERO : mrp;
        }
    }

    private static final String SELECT = """
            select n.id, n.version, n.price_list_id, l.code as list, l.version_no, l.status, n.sku_id, s.code as sku, s.name as sku_name, n.mrp, n.price, l.valid_from
              from pricing.price_list_line n
              join pricing.price_list l on l.id = n.price_list_id
              join\s""" + CatalogRelations.SKUS + """
               s on s.id = n.sku_id
             where (:principals::bigint[] is null or l.principal_id = any (:principals::bigint[]))
               and (:distributors::bigint[] is null or l.distributor_id is null or l.distributor_id = any (:distributors::bigint[]))""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("list", TEXT).sortable("versionNo", LONG).sortable("sku", TEXT).sortable("mrp", DECIMAL)
            .equal("priceListId", LONG).equal("list", TEXT).equal("versionNo", LONG).equal("sku", TEXT).equal("skuId", LONG).equal("status", TEXT).search("sku", "sku_name").order("list", "-versionNo", "sku", "mrp");
    private static final List<Column<PriceLineForm>> COLUMNS = List.of(
            Column.required("list", "Price list", PriceLineForm::list, "Price list code", "List", "List code"),
            Column.optional("versionNo", "Version", PriceLineForm::versionNo, "Version of the list; the draft if empty"),
            Column.required("sku", "SKU", PriceLineForm::sku, "SKU code", "SKU code", "Item code", "Code"),
            Column.optional("mrp", "MRP", PriceLineForm::mrp, "Only for batches of this MRP; 0 for all"),
            Column.optional("price", "Price", PriceLineForm::price, "In the list's unit", "PTR", "Rate"));
    private static final String INSERT = """
            insert into pricing.price_list_line (id, price_list_id, sku_id, mrp, price, version) values (:id, :listId, :skuId, :mrp, :price, :version)""";
    private static final String UPDATE = """
            update pricing.price_list_line set sku_id = :skuId, mrp = :mrp, price = :price, version = :version
             where id = :id and version = :version - 1""";

    PriceLineMaster() {
        super(new Spec<>("price-list-lines", Owner.NETWORK, "pricing.price_list_line", PriceLineForm.class, Permission.PRICE_READ, Permission.PRICE_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(PriceLineForm form) {
        return form.list() + (form.versionNo() == 0 ? "" : " v" + form.versionNo()) + " " + form.sku() + " " + Column.ofValue(form.mrp());
    }

    /// A file seldom names the version: without one, the draft's line is meant.
    @Override
    protected List<Current<PriceLineForm>> find(Finder<PriceLineForm> finder, List<PriceLineForm> forms) {
        var versioned = lists(forms, false);
        var drafts = lists(forms, true);
        var found = new ArrayList<Current<PriceLineForm>>();
        if (versioned.length > 0) found.addAll(finder.where("t.list = any (:keys)", "keys", versioned));
        if (drafts.length > 0) {
            for (var line : finder.where("t.list = any (:keys) and t.status = 'DRAFT'", "keys", drafts)) {
                found.add(new Current<>(line.id(), line.version(), new PriceLineForm(line.form().list(), 0, line.form().sku(), line.form().mrp(), line.form().price())));
            }
        }
        return found;
    }

    private static String[] lists(List<PriceLineForm> forms, boolean draft) {
        return forms.stream().filter(form -> (form.versionNo() == 0) == draft).map(PriceLineForm::list).distinct().toArray(String[]::new);
    }

    @Override
    public PriceLineForm read(Cells cells) {
        return new PriceLineForm(cells.text("list"), cells.integer("versionNo", 0), cells.text("sku"), cells.decimal("mrp", BigDecimal.ZERO), cells.decimal("price"));
    }

    private record ListHead(long id, int versionNo, long principalId, boolean mrpLinked, String status) {}

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<PriceLineForm>> drafts) {
        var heads = new HashMap<String, ListHead>();
        db.sql("select id, code, version_no, principal_id, mrp_linked, status from pricing.price_list where code = any (:codes) order by code, version_no")
                .param("codes", drafts.stream().map(draft -> draft.form().list()).distinct().toArray(String[]::new))
                .query(row -> {
                    var head = new ListHead(row.getLong("id"), row.getInt("version_no"), row.getLong("principal_id"), row.getBoolean("mrp_linked"), row.getString("status"));
                    heads.put(row.getString("code") + " " + head.versionNo, head);
                    heads.put(row.getString("code") + " 0", head);
                });
        var skus = new HashMap<String, Long>();
        db.sql("select principal_id, code, id from " + CatalogRelations.SKUS + " s where code = any (:codes)")
                .param("codes", drafts.stream().map(draft -> draft.form().sku()).distinct().toArray(String[]::new))
                .query(row -> {
                    skus.put(row.getLong(1) + " " + row.getString(2), row.getLong(3));
                });
        for (var draft : drafts) {
            var form = draft.form();
            draft.decimal("mrp", form.mrp(), BigDecimal.ZERO, MAX, 2, true);
            var head = heads.get(form.list() + " " + form.versionNo());
            if (head == null) {
                draft.fault("list", form.list().isEmpty() ? "is missing" : "there is no price list " + key(form), "Create the list first, or correct the code");
                continue;
            }
            draft.decimal("price", form.price(), new BigDecimal("0.000001"), MAX, 6, !head.mrpLinked);
            if (!head.status.equals("DRAFT")) draft.fault("list", ProblemCode.VERSION_NOT_FUTURE, form.list() + " version " + head.versionNo + " is " + head.status, "Make a new version of the list first");
            var before = draft.current() == null ? null : draft.current().form();
            if (before != null && (!before.list().equals(form.list()) || (before.versionNo() != 0 && before.versionNo().intValue() != head.versionNo))) {
                draft.fault("list", ProblemCode.VERSION_NOT_FUTURE, "a line stays in its list and version", "Add a line to the other list");
            }
            var sku = skus.get(head.principalId + " " + form.sku());
            if (sku == null) draft.fault("sku", form.sku().isEmpty() ? "is missing" : "the list's principal has no SKU " + form.sku(), "Correct the code");
            draft.found("listId", head.id);
            draft.found("skuId", sku);
        }
    }
}
