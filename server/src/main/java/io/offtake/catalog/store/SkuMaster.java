package io.offtake.catalog.store;

import static io.offtake.platform.ListSql.Type.BOOLEAN;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.catalog.Gtin;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// SKUs with their units as exact ratios of the base unit (PX-04, STK-09), their barcodes and HSN (BIL-04).
@Component
public class SkuMaster extends Master<SkuMaster.SkuForm> {
    private static final List<String> STATES = List.of("ACTIVE", "SELL_OUT", "DISCONTINUED");
    private static final Pattern UNIT = Pattern.compile("\\s*([^=\\s]+)\\s*=\\s*(\\d{1,12})\\s*(?:/\\s*(\\d{1,12}))?\\s*(?::\\s*(.+?))?\\s*");
    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final BigDecimal MILLION = new BigDecimal(100_000_000);

    /// One unit holds `numerator ÷ denominator` base units, exactly.
    public record SkuUnit(String code, String name, long numerator, @Nullable Long denominator) {
        public SkuUnit {
            code = Texts.of(code);
            name = Texts.or(name, code);
            denominator = denominator == null ? 1L : denominator;
        }

        String text() {
            return code + "=" + numerator + (denominator == 1 ? "" : "/" + denominator) + (name.equals(code) ? "" : ":" + name);
        }
    }

    /// @param unit what carries the barcode: the base unit or one of the units
    public record SkuBarcode(String gtin, String unit) {
        public SkuBarcode {
            gtin = Texts.of(gtin);
            unit = Texts.of(unit);
        }

        String text() {
            return gtin + "=" + unit;
        }
    }

    /// @param principal code
    /// @param category  code
    /// @param brand     code
    /// @param hsn       4, 6 or 8 digits
    /// @param qtyScale  0 for count goods, 3 for goods sold by weight or volume
    /// @param pts       price to stockist per base unit
    public record SkuForm(String principal, String code, String name, @Nullable String nameLocal, List<String> aliases, String category, String brand,
                          @Nullable String subBrand, @Nullable String variant, @Nullable String pack, @Nullable String priceTier, String hsn, String baseUnit,
                          @Nullable Integer qtyScale, List<SkuUnit> units, List<SkuBarcode> barcodes, @Nullable BigDecimal weightG, @Nullable Integer shelfLifeDays,
                          @Nullable Boolean batchTracked, @Nullable Boolean expiryTracked, @Nullable BigDecimal mrp, @Nullable BigDecimal pts, @Nullable Boolean mustStock, String status,
                          @Nullable LocalDate launchedOn) {
        public SkuForm {
            principal = Texts.of(principal);
            code = Texts.of(code);
            name = Texts.of(name);
            nameLocal = Texts.orNull(nameLocal);
            aliases = aliases == null ? List.of() : aliases.stream().map(Texts::of).filter(text -> !text.isEmpty()).distinct().toList();
            category = Texts.of(category);
            brand = Texts.of(brand);
            subBrand = Texts.orNull(subBrand);
            variant = Texts.orNull(variant);
            pack = Texts.orNull(pack);
            priceTier = Texts.orNull(priceTier);
            hsn = Texts.of(hsn);
            baseUnit = Texts.or(baseUnit, "PCS");
            qtyScale = qtyScale == null ? 0 : qtyScale;
            batchTracked = batchTracked == null || batchTracked;
            expiryTracked = expiryTracked == null || expiryTracked;
            mustStock = mustStock != null && mustStock;
            units = units == null ? List.of() : List.copyOf(units);
            barcodes = barcodes == null ? List.of() : List.copyOf(barcodes);
            status = Texts.or(status, "ACTIVE");
        }
    }

    private static final String SELECT = """
            select s.id, s.version, s.principal_id, p.code as principal, s.code, s.name, s.name_local, s.aliases, s.category_id, c.code as category,
                   c.name as category_name, s.brand_id, b.code as brand, b.name as brand_name, s.sub_brand, s.variant, s.pack, s.price_tier, s.hsn, s.base_unit,
                   s.qty_scale, s.weight_g, s.shelf_life_days, s.batch_tracked, s.expiry_tracked, s.mrp, s.pts, s.must_stock, s.status, s.launched_on,
                   (select string_agg(u.unit || '=' || u.numerator || '/' || u.denominator || '=' || u.name, ';' order by u.numerator::numeric / u.denominator desc, u.unit)
                      from catalog.sku_unit u where u.sku_id = s.id) as units,
                   (select string_agg(g.gtin || '=' || g.unit, ';' order by g.gtin) from catalog.sku_barcode g where g.sku_id = s.id) as barcodes
              from catalog.sku s
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = s.principal_id
              join catalog.category c on c.id = s.category_id
              join catalog.brand b on b.id = s.brand_id
             where :principals::bigint[] is null or s.principal_id = any (:principals::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("principal", TEXT).sortable("category", TEXT)
            .sortable("brand", TEXT).sortable("mrp", DECIMAL).sortable("status", TEXT)
            .equal("status", TEXT).equal("principal", TEXT).equal("category", TEXT).equal("brand", TEXT).equal("hsn", TEXT).equal("priceTier", TEXT).equal("mustStock", BOOLEAN)
            .search("code", "name", "name_local", "aliases", "barcodes").order("code");
    private static final List<Column<SkuForm>> COLUMNS = List.of(
            Column.required("code", "Code", SkuForm::code, "Unique with the principal", "SKU", "SKU code", "Item code", "Product code", "Item"),
            Column.required("principal", "Principal", SkuForm::principal, "Principal code", "Principal code", "Company"),
            Column.required("name", "Name", SkuForm::name, "Text", "SKU name", "Item name", "Product", "Product name", "Description"),
            Column.optional("nameLocal", "Name in local script", SkuForm::nameLocal, "Text", "Local name"),
            Column.optional("aliases", "Aliases", form -> String.join(";", form.aliases()), "Separated by ;", "Alias", "Short names"),
            Column.required("category", "Category", SkuForm::category, "Category code", "Category code"),
            Column.required("brand", "Brand", SkuForm::brand, "Brand code", "Brand code"),
            Column.optional("subBrand", "Sub-brand", SkuForm::subBrand, "Text"),
            Column.optional("variant", "Variant", SkuForm::variant, "Text"),
            Column.optional("pack", "Pack", SkuForm::pack, "Such as 100 g", "Pack size", "Size"),
            Column.optional("priceTier", "Price tier", SkuForm::priceTier, "Text"),
            Column.required("hsn", "HSN", SkuForm::hsn, "4, 6 or 8 digits", "HSN code", "HSN/SAC"),
            Column.optional("baseUnit", "Base unit", SkuForm::baseUnit, "Such as PCS", "Unit", "UoM"),
            Column.optional("qtyScale", "Decimals", SkuForm::qtyScale, "0 for pieces, 3 for weight"),
            Column.optional("units", "Units", form -> String.join(";", form.units().stream().map(SkuUnit::text).sorted().toList()), "Base units per unit: CASE=72;INNER=12", "Conversions", "Packing"),
            Column.optional("barcodes", "Barcodes", form -> String.join(";", form.barcodes().stream().map(SkuBarcode::text).sorted().toList()), "GTIN=unit: 8901030000003=PCS", "Barcode", "GTIN", "EAN"),
            Column.optional("weightG", "Weight g", SkuForm::weightG, "Grams per base unit", "Weight"),
            Column.optional("shelfLifeDays", "Shelf life days", SkuForm::shelfLifeDays, "Days", "Shelf life"),
            Column.optional("batchTracked", "Batch tracked", SkuForm::batchTracked, "yes or no"),
            Column.optional("expiryTracked", "Expiry tracked", SkuForm::expiryTracked, "yes or no"),
            Column.required("mrp", "MRP", SkuForm::mrp, "Per base unit, with tax"),
            Column.required("pts", "PTS", SkuForm::pts, "Per base unit, without tax", "Price to stockist", "Purchase price"),
            Column.optional("mustStock", "Must stock", SkuForm::mustStock, "yes or no", "MSL"),
            Column.optional("status", "Status", SkuForm::status, "ACTIVE, SELL_OUT or DISCONTINUED"),
            Column.optional("launchedOn", "Launched on", SkuForm::launchedOn, "Date", "Launch date"));
    private static final String INSERT = """
            insert into catalog.sku (id, principal_id, code, name, name_local, aliases, category_id, brand_id, sub_brand, variant, pack, price_tier, hsn, base_unit, qty_scale,
                                     weight_g, shelf_life_days, batch_tracked, expiry_tracked, mrp, pts, must_stock, status, launched_on, version)
            values (:id, :principalId, :code, :name, :nameLocal, :aliasText, :categoryId, :brandId, :subBrand, :variant, :pack, :priceTier, :hsn, :baseUnit, :qtyScale,
                    :weightG, :shelfLifeDays, :batchTracked, :expiryTracked, :mrp, :pts, :mustStock, :status, :launchedOn, :version)""";
    private static final String UPDATE = """
            update catalog.sku
               set principal_id = :principalId, code = :code, name = :name, name_local = :nameLocal, aliases = :aliasText, category_id = :categoryId, brand_id = :brandId,
                   sub_brand = :subBrand, variant = :variant, pack = :pack, price_tier = :priceTier, hsn = :hsn, base_unit = :baseUnit, qty_scale = :qtyScale,
                   weight_g = :weightG, shelf_life_days = :shelfLifeDays, batch_tracked = :batchTracked, expiry_tracked = :expiryTracked, mrp = :mrp, pts = :pts,
                   must_stock = :mustStock, status = :status, launched_on = :launchedOn, version = :version
             where id = :id and version = :version - 1""";

    SkuMaster() {
        super(new Spec<>("skus", Owner.NETWORK, "catalog.sku", SkuForm.class, Permission.SKU_READ, Permission.SKU_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(SkuForm form) {
        return form.principal() + " " + form.code();
    }

    @Override
    protected List<Current<SkuForm>> find(Finder<SkuForm> finder, List<SkuForm> forms) {
        return finder.where("t.principal || ' ' || t.code = any (:keys)", "keys", forms.stream().map(this::key).distinct().toArray(String[]::new));
    }

    @Override
    protected RowMapper<SkuForm> mapper() {
        return (row, _) -> new SkuForm(row.getString("principal"), row.getString("code"), row.getString("name"), row.getString("name_local"), aliases(row),
                row.getString("category"), row.getString("brand"), row.getString("sub_brand"), row.getString("variant"), row.getString("pack"), row.getString("price_tier"),
                row.getString("hsn"), row.getString("base_unit"), row.getInt("qty_scale"), units(row), barcodes(row), row.getBigDecimal("weight_g"),
                row.getObject("shelf_life_days", Integer.class), row.getBoolean("batch_tracked"), row.getBoolean("expiry_tracked"), row.getBigDecimal("mrp"),
                row.getBigDecimal("pts"), row.getBoolean("must_stock"), row.getString("status"), row.getObject("launched_on", LocalDate.class));
    }

    public static List<String> aliases(ResultSet row) throws SQLException {
        var text = row.getString("aliases");
        return text == null || text.isEmpty() ? List.of() : List.of(text.split(";"));
    }

    public static List<SkuUnit> units(ResultSet row) throws SQLException {
        var units = new ArrayList<SkuUnit>();
        var text = row.getString("units");
        if (text != null) {
            for (var item : text.split(";")) {
                var parts = item.split("=", 3);
                var ratio = parts[1].split("/");
                units.add(new SkuUnit(parts[0], parts[2], Long.parseLong(ratio[0]), Long.parseLong(ratio[1])));
            }
        }
        return List.copyOf(units);
    }

    public static List<SkuBarcode> barcodes(ResultSet row) throws SQLException {
        var barcodes = new ArrayList<SkuBarcode>();
        var text = row.getString("barcodes");
        if (text != null) {
            for (var item : text.split(";")) barcodes.add(new SkuBarcode(item.substring(0, item.indexOf('=')), item.substring(item.indexOf('=') + 1)));
        }
        return List.copyOf(barcodes);
    }

    @Override
    public SkuForm read(Cells cells) {
        var units = new ArrayList<SkuUnit>();
        for (var item : cells.items("units")) {
            var matcher = UNIT.matcher(item);
            if (matcher.matches()) units.add(new SkuUnit(matcher.group(1), matcher.group(4) == null ? matcher.group(1) : matcher.group(4), Long.parseLong(matcher.group(2)), matcher.group(3) == null ? 1L : Long.parseLong(matcher.group(3))));
            else cells.fault("units", "\"" + item + "\" is no unit", "Write CASE=72 for a case of 72 base units");
        }
        var base = cells.upper("baseUnit", "PCS");
        var barcodes = new ArrayList<SkuBarcode>();
        for (var item : cells.items("barcodes")) {
            var parts = item.split("=", 2);
            barcodes.add(new SkuBarcode(parts[0], parts.length == 2 ? parts[1] : base));
        }
        return new SkuForm(cells.text("principal"), cells.text("code"), cells.text("name"), cells.textOrNull("nameLocal"), cells.items("aliases"), cells.text("category"),
                cells.text("brand"), cells.textOrNull("subBrand"), cells.textOrNull("variant"), cells.textOrNull("pack"), cells.textOrNull("priceTier"), cells.text("hsn"),
                base, cells.integer("qtyScale", 0), units, barcodes, cells.decimal("weightG"), cells.integer("shelfLifeDays"), cells.yes("batchTracked", true),
                cells.yes("expiryTracked", true), cells.decimal("mrp"), cells.decimal("pts"), cells.yes("mustStock", false), cells.upper("status", "ACTIVE"),
                cells.date("launchedOn"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<SkuForm>> drafts) {
        var principals = ids(db, "select code, id from " + NetworkRelations.PRINCIPALS + " p");
        var categories = ids(db, "select code, id from catalog.category");
        var brands = ids(db, "select code, id from catalog.brand");
        var gtins = drafts.stream().flatMap(draft -> draft.form().barcodes().stream()).map(SkuBarcode::gtin).distinct().toArray(String[]::new);
        var owners = new HashMap<String, Object>();
        if (gtins.length > 0) {
            db.sql("select gtin, sku_id from catalog.sku_barcode where gtin = any (:gtins)").param("gtins", gtins).query(row -> {
                owners.put(row.getString(1), row.getLong(2));
            });
        }
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            draft.text("nameLocal", form.nameLocal());
            for (var alias : form.aliases()) if (alias.contains(";") || alias.length() > 60) draft.fault("aliases", "\"" + alias + "\" is no alias", "At most 60 characters without ;");
            draft.found("aliasText", String.join(";", form.aliases()));
            draft.found("principalId", found(draft, "principal", form.principal(), principals));
            draft.found("categoryId", found(draft, "category", form.category(), categories));
            draft.found("brandId", found(draft, "brand", form.brand(), brands));
            for (var text : new String[][] {{"subBrand", form.subBrand()}, {"variant", form.variant()}, {"pack", form.pack()}, {"priceTier", form.priceTier()}}) draft.text(text[0], text[1], 60);
            if (!form.hsn().matches("[0-9]{4}([0-9]{2}){0,2}")) draft.fault("hsn", form.hsn().isEmpty() ? "is missing" : "\"" + form.hsn() + "\" is no HSN code", "4, 6 or 8 digits, such as 340111");
            if (form.qtyScale() != 0 && form.qtyScale() != 3) draft.fault("qtyScale", form.qtyScale() + " is not possible", "0 for pieces, 3 for goods sold by weight or volume");
            draft.decimal("weightG", form.weightG(), BigDecimal.ZERO, MILLION, 3, false);
            draft.decimal("mrp", form.mrp(), CENT, MILLION, 2, true);
            draft.decimal("pts", form.pts(), new BigDecimal("0.000001"), MILLION, 6, true);
            if (form.mrp() != null && form.pts() != null && form.pts().compareTo(form.mrp()) >= 0) draft.fault("pts", ProblemCode.PRICE_ABOVE_MRP, "PTS " + form.pts() + " is not below the MRP " + form.mrp(), "PTS is without tax and below the MRP");
            if (form.shelfLifeDays() != null && (form.shelfLifeDays() < 1 || form.shelfLifeDays() > 10_000)) draft.fault("shelfLifeDays", form.shelfLifeDays() + " is out of range", "1 to 10000 days");
            draft.oneOf("status", form.status(), STATES);
            checkUnits(draft, owners);
        }
    }

    private static void checkUnits(Draft<SkuForm> draft, Map<String, Object> owners) {
        var form = draft.form();
        draft.pattern("baseUnit", form.baseUnit(), "[A-Z0-9]{1,8}", "Up to 8 capital letters or digits, such as PCS");
        var codes = new HashSet<String>(Set.of(form.baseUnit()));
        for (var unit : form.units()) {
            if (!unit.code().matches("[A-Z0-9]{1,8}")) draft.fault("units", "\"" + unit.code() + "\" is no unit code", "Up to 8 capital letters or digits, such as CASE");
            if (!codes.add(unit.code())) draft.fault("units", unit.code() + " is there twice", "Each unit once; the base unit needs no ratio");
            if (unit.numerator() <= 0 || unit.denominator() <= 0) draft.fault("units", unit.code() + " holds no positive number of " + form.baseUnit(), "Write " + unit.code() + "=12");
            if (unit.numerator() > 1_000_000_000 || unit.denominator() > 1_000_000_000) draft.fault("units", unit.code() + " is too large", "At most 1,000,000,000 base units");
            draft.text("units", unit.name(), 40);
            if (unit.name().contains(";") || unit.name().contains("=")) draft.fault("units", "\"" + unit.name() + "\" is no unit name", "Leave out ; and =");
        }
        var seen = new HashSet<String>();
        for (var barcode : form.barcodes()) {
            var gtin = barcode.gtin();
            if (!Gtin.isDigits(gtin)) draft.fault("barcodes", "\"" + gtin + "\" is no GTIN", "8, 12, 13 or 14 digits");
            else if (!Gtin.isValid(gtin)) draft.fault("barcodes", ProblemCode.CHECK_DIGIT, "the check digit of " + gtin + " does not fit", "If the rest is right, it ends with " + Gtin.checkDigit(gtin.substring(0, gtin.length() - 1)));
            if (!codes.contains(barcode.unit())) draft.fault("barcodes", barcode.unit() + " is no unit of this SKU", "One of " + String.join(", ", codes.stream().sorted().toList()));
            var owner = owners.putIfAbsent(gtin, draft.id());
            if (!seen.add(gtin) || (owner != null && !owner.equals(draft.id()))) draft.fault("barcodes", ProblemCode.DUPLICATE, gtin + " belongs to another SKU or is there twice", "A GTIN names one unit of one SKU");
        }
    }

    private static @Nullable Long found(Draft<SkuForm> draft, String field, String code, Map<String, Long> ids) {
        var id = ids.get(code);
        if (id == null) draft.fault(field, code.isEmpty() ? "is missing" : "there is no " + field + " " + code, "Create it first, or correct the code");
        return id;
    }

    private static Map<String, Long> ids(JdbcClient db, String sql) {
        var ids = new HashMap<String, Long>();
        db.sql(sql).query(row -> {
            ids.put(row.getString(1), row.getLong(2));
        });
        return ids;
    }

    @Override
    protected void writeParts(Batches batches, List<Draft<SkuForm>> drafts) {
        var changed = new ArrayList<Map<String, ?>>();
        var units = new ArrayList<Map<String, ?>>();
        var barcodes = new ArrayList<Map<String, ?>>();
        for (var draft : drafts) {
            if (!draft.isNew()) changed.add(Map.of("sku", draft.id()));
            for (var unit : draft.form().units()) units.add(Map.of("sku", draft.id(), "unit", unit.code(), "name", unit.name(), "numerator", unit.numerator(), "denominator", unit.denominator()));
            for (var barcode : draft.form().barcodes()) barcodes.add(Map.of("sku", draft.id(), "gtin", barcode.gtin(), "unit", barcode.unit()));
        }
        if (!changed.isEmpty()) {
            batches.run("delete from catalog.sku_unit where sku_id = :sku", changed);
            batches.run("delete from catalog.sku_barcode where sku_id = :sku", changed);
        }
        if (!units.isEmpty()) batches.run("insert into catalog.sku_unit (sku_id, unit, name, numerator, denominator) values (:sku, :unit, :name, :numerator, :denominator)", units);
        if (!barcodes.isEmpty()) batches.run("insert into catalog.sku_barcode (gtin, sku_id, unit) values (:gtin, :sku, :unit)", barcodes);
    }

    /// What the rule book holds of a SKU; a new spelling of its name raises nothing.
    @Override
    protected Collection<String> raises(long distributorId, Draft<SkuForm> draft) {
        return draft.current() != null && deciding(draft.current().form()).equals(deciding(draft.form())) ? Set.of() : Set.of(ConfigVersions.NATIONAL);
    }

    private static List<?> deciding(SkuForm form) {
        return List.of(form.principal(), form.code(), form.category(), form.brand(), form.hsn(), form.baseUnit(), form.qtyScale(),
                form.units().stream().map(SkuUnit::text).sorted().toList(), Column.ofValue(form.mrp()), Column.ofValue(form.pts()), form.expiryTracked());
    }
}
