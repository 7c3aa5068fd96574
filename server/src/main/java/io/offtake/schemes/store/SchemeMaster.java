package io.offtake.schemes.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Draft;
import io.offtake.governance.Master;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import io.offtake.schemes.domain.SchemeChecks;
import io.offtake.schemes.domain.SchemeForm;
import io.offtake.schemes.domain.SchemeSlab;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Schemes (SCH-01, SCH-04). The definition that the rules evaluate is the one stored form: what a person wrote is read
/// back from it. A change of an approved scheme is a new version with its own first day; versions never overlap.
@Component
public class SchemeMaster extends Master<SchemeForm> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SLAB = Pattern.compile("\\s*([0-9.]+)\\s*(?:\\+|-\\s*([0-9.]+))\\s*=\\s*([0-9.]+)\\s*(%|/unit)?\\s*");

    private static String codes(String relation, String path) {
        return "coalesce((select string_agg(k.code, ',' order by k.code) from " + relation + " k where k.id::text in (select jsonb_array_elements_text(coalesce(v.definition::jsonb #> '{products," + path + "}', '[]')))), '')";
    }

    private static final String SELECT = """
            select s.id, v.version_no as version, v.version_no, s.code, v.name, v.mechanic, s.principal_id, p.code as principal, v.definition, v.valid_from, v.valid_to, v.status,
                   v.created_at, r.code as reward_sku,
                   """ + codes(CatalogRelations.SKUS, "skuIds") + " as skus, " + codes(CatalogRelations.BRANDS, "brandIds") + " as brands, "
            + codes(CatalogRelations.CATEGORIES, "categoryIds") + " as categories, " + codes(CatalogRelations.SKUS, "excludedSkuIds") + """
             as excluded_skus
              from schemes.scheme s
              join schemes.scheme_version v on v.scheme_id = s.id
               and v.version_no = (select max(x.version_no) from schemes.scheme_version x where x.scheme_id = s.id)
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = s.principal_id
              left join\s""" + CatalogRelations.SKUS + """
               r on r.id::text = v.definition::jsonb #>> '{mechanic,rewardSkuId}'
             where :principals::bigint[] is null or s.principal_id = any (:principals::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("validFrom", DATE).sortable("validTo", DATE)
            .sortable("status", TEXT).equal("status", TEXT).equal("mechanic", TEXT).equal("principal", TEXT).from("endsFrom", "validTo", DATE).to("startsBy", "validFrom", DATE)
            .search("code", "name").order("code");

    private static String join(List<?> items) {
        return String.join(";", items.stream().map(Object::toString).toList());
    }

    private static final List<Column<SchemeForm>> COLUMNS = List.of(
            Column.required("code", "Code", SchemeForm::code, "Unique, such as SOAP-SLAB", "Scheme", "Scheme code"),
            Column.required("name", "Name", SchemeForm::name, "Text", "Scheme name"),
            Column.required("principal", "Principal", SchemeForm::principal, "Principal code"),
            Column.required("mechanic", "Mechanic", SchemeForm::mechanic, "M1 discount, M2 whole slab, M4 free goods"),
            Column.required("validFrom", "From", SchemeForm::validFrom, "Date", "Start", "Valid from"),
            Column.required("validTo", "To", SchemeForm::validTo, "Date", "End", "Valid to"),
            Column.optional("stage", "Stage", SchemeForm::stage, "CONTRACT, LINE, GROUP, BILL or FREE_GOODS"),
            Column.optional("skus", "SKUs", form -> join(form.skus()), "SKU codes, separated by ;", "SKU list"),
            Column.optional("brands", "Brands", form -> join(form.brands()), "Brand codes, separated by ;"),
            Column.optional("categories", "Categories", form -> join(form.categories()), "Category codes, separated by ;"),
            Column.optional("excludedSkus", "Without SKUs", form -> join(form.excludedSkus()), "SKU codes, separated by ;"),
            Column.optional("channels", "Channels", form -> join(form.channels()), "Separated by ;", "Channel"),
            Column.optional("classes", "Classes", form -> join(form.classes()), "Separated by ;", "Class"),
            Column.optional("groups", "Groups", form -> join(form.groups()), "Separated by ;", "Group"),
            Column.optional("outletIds", "Outlet ids", form -> join(form.outletIds()), "UUIDs, separated by ;"),
            Column.optional("paymentModes", "Payment modes", form -> join(form.paymentModes()), "CREDIT;CASH;UPI;CHEQUE"),
            Column.optional("saleTypes", "Sale types", form -> join(form.saleTypes()), "COUNTER;DELIVERY"),
            Column.optional("registrations", "Registrations", form -> join(form.registrations()), "REGULAR;COMPOSITION;UNREGISTERED"),
            Column.optional("rewardType", "Reward", SchemeForm::rewardType, "M1: PERCENT, PER_UNIT or FIXED"),
            Column.optional("rewardValue", "Value", SchemeForm::rewardValue, "M1: such as 5"),
            Column.optional("basis", "Slabs on", SchemeForm::basis, "M2: BASE_QTY, GROSS_VALUE or NET_VALUE"),
            Column.optional("slabs", "Slabs", form -> String.join(";", form.slabs().stream().map(SchemeSlab::text).toList()), "M2: 12-35=2%;36+=4%"),
            Column.optional("buy", "Buy", SchemeForm::buy, "M4: base units"),
            Column.optional("get", "Get", SchemeForm::get, "M4: free base units"),
            Column.optional("repeat", "Repeat", SchemeForm::repeat, "M4: yes or no"),
            Column.optional("inside", "Included", SchemeForm::inside, "M4: yes for \"11+1 included\""),
            Column.optional("rewardSku", "Free SKU", SchemeForm::rewardSku, "M4: SKU code; the bought one if empty"),
            Column.optional("capPerInvoice", "Cap per invoice", SchemeForm::capPerInvoice, "M4: most free base units"),
            Column.optional("freeTax", "Tax of free goods", SchemeForm::freeTax, "M4: ZERO_PRICED or SINGLE_PRICE_ALLOCATED"),
            Column.optional("ifShort", "If short", SchemeForm::ifShort, "M4: REFUSE or VALUE_AT_PTR"),
            Column.optional("stacking", "Stacking", SchemeForm::stacking, "CASCADE or ADDITIVE"),
            Column.optional("exclusionGroup", "Exclusion group", SchemeForm::exclusionGroup, "Text"),
            Column.optional("choice", "Choice", SchemeForm::choice, "BEST_FOR_OUTLET or PRIORITY"),
            Column.optional("priority", "Priority", SchemeForm::priority, "Lower goes first"),
            Column.optional("principalSharePercent", "Principal pays %", SchemeForm::principalSharePercent, "0 to 100", "Funding"),
            Column.optional("claimable", "Claimable", SchemeForm::claimable, "yes or no"),
            Column.optional("claimRate", "Claim rate", SchemeForm::claimRate, "PTS, PTR or COST"));
    private static final String INSERT = "insert into schemes.scheme (id, code, principal_id) values (:id, :code, :principalId)";
    private static final String UPDATE = """
            update schemes.scheme s set code = :code
             where s.id = :id and (select max(v.version_no) from schemes.scheme_version v where v.scheme_id = s.id) = :version - 1""";

    private final Clock clock;

    SchemeMaster(Clock clock) {
        super(new Spec<>("schemes", Owner.NETWORK, "schemes.scheme", SchemeForm.class, Permission.SCHEME_READ, Permission.SCHEME_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    @Override
    public String key(SchemeForm form) {
        return form.code();
    }

    @Override
    protected RowMapper<SchemeForm> mapper() {
        return (row, _) -> form(row);
    }

    @Override
    public SchemeForm read(Cells cells) {
        var slabs = new ArrayList<SchemeSlab>();
        for (var item : cells.items("slabs")) {
            var matcher = SLAB.matcher(item);
            if (matcher.matches()) {
                slabs.add(new SchemeSlab(number(matcher.group(1)), matcher.group(2) == null ? null : number(matcher.group(2)),
                        "%".equals(matcher.group(4)) ? "PERCENT" : matcher.group(4) == null ? "FIXED" : "PER_UNIT", number(matcher.group(3))));
            } else {
                cells.fault("slabs", "\"" + item + "\" is no slab", "Write 12-35=2%;36+=4%");
            }
        }
        var outlets = new ArrayList<UUID>();
        for (var item : cells.items("outletIds")) {
            try {
                outlets.add(UUID.fromString(item));
            } catch (IllegalArgumentException _) {
                cells.fault("outletIds", "\"" + item + "\" is no outlet id", "Ids of outlets, separated by ;");
            }
        }
        return new SchemeForm(cells.text("code"), cells.text("name"), cells.text("principal"), cells.upper("mechanic", ""), cells.date("validFrom"), cells.date("validTo"),
                cells.upper("stage", ""), cells.items("skus"), cells.items("brands"), cells.items("categories"), cells.items("excludedSkus"), cells.items("channels"), cells.items("classes"),
                cells.items("groups"), outlets, cells.items("paymentModes"), cells.items("saleTypes"), cells.items("registrations"), cells.upper("stacking", ""),
                cells.textOrNull("exclusionGroup"), cells.upper("choice", ""), cells.integer("priority", 100), cells.decimal("principalSharePercent", new BigDecimal(100)),
                cells.yes("claimable", true), cells.upper("claimRate", ""), cells.textOrNull("rewardType"), cells.decimal("rewardValue"), cells.textOrNull("basis"), slabs,
                cells.decimal("buy"), cells.decimal("get"), cells.yes("repeat", false), cells.yes("inside", false), cells.textOrNull("rewardSku"), cells.decimal("capPerInvoice"),
                cells.textOrNull("freeTax"), cells.textOrNull("ifShort"));
    }

    private static @Nullable BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private record Sku(long id, long brandId, long categoryId) {}

    /// A live scheme, as far as conflicts go.
    private record Live(String code, String stage, String stacking, @Nullable String group, LocalDate from, LocalDate to, Set<Long> skus) {}

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<SchemeForm>> drafts) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var principals = new HashMap<String, Long>();
        db.sql("select code, id from " + NetworkRelations.PRINCIPALS + " p").query(row -> {
            principals.put(row.getString(1), row.getLong(2));
        });
        var brands = new HashMap<String, Long>();
        db.sql("select code, id from " + CatalogRelations.BRANDS + " b").query(row -> {
            brands.put(row.getString(1), row.getLong(2));
        });
        var categories = new HashMap<String, Long>();
        db.sql("select code, id from " + CatalogRelations.CATEGORIES + " c").query(row -> {
            categories.put(row.getString(1), row.getLong(2));
        });
        var skus = new HashMap<Long, Map<String, Sku>>();
        db.sql("select principal_id, code, id, brand_id, category_id from " + CatalogRelations.SKUS + " s").query(row -> {
            skus.computeIfAbsent(row.getLong(1), _ -> new HashMap<>()).put(row.getString(2), new Sku(row.getLong(3), row.getLong(4), row.getLong(5)));
        });
        var live = live(db, skus, today);
        for (var draft : drafts) {
            var form = draft.form();
            SchemeChecks.errors(draft);
            var principal = principals.get(form.principal());
            if (principal == null) draft.fault("principal", form.principal().isEmpty() ? "is missing" : "there is no principal " + form.principal(), "Correct the code");
            draft.found("principalId", principal);
            checkPeriod(draft, today);
            var ofPrincipal = principal == null ? Map.<String, Sku>of() : skus.getOrDefault(principal, Map.of());
            var skuIds = resolve(draft, "skus", form.skus(), code -> ofPrincipal.containsKey(code) ? ofPrincipal.get(code).id : null);
            var excluded = resolve(draft, "excludedSkus", form.excludedSkus(), code -> ofPrincipal.containsKey(code) ? ofPrincipal.get(code).id : null);
            var brandIds = resolve(draft, "brands", form.brands(), brands::get);
            var categoryIds = resolve(draft, "categories", form.categories(), categories::get);
            var reward = form.rewardSku() == null ? List.<Long>of() : resolve(draft, "rewardSku", List.of(form.rewardSku()), code -> ofPrincipal.containsKey(code) ? ofPrincipal.get(code).id : null);
            if (!draft.isGood()) continue;
            var all = !form.skus().isEmpty() || !form.brands().isEmpty() || !form.categories().isEmpty();
            var taking = new HashSet<Long>();
            for (var sku : ofPrincipal.values()) {
                boolean in = !all || skuIds.contains(sku.id) || brandIds.contains(sku.brandId) || categoryIds.contains(sku.categoryId);
                if (in && !excluded.contains(sku.id)) taking.add(sku.id);
            }
            if (taking.isEmpty()) draft.fault("skus", "the scheme covers no SKU", "Name SKUs, brands or categories that have some");
            var mine = new Live(form.code(), form.stage(), form.stacking(), form.exclusionGroup(), form.validFrom(), form.validTo(), taking);
            for (var other : live) checkConflict(draft, mine, other);
            live.add(mine);
            draft.found("definition", definition(draft, principal, skuIds, brandIds, categoryIds, excluded, reward.isEmpty() ? null : reward.getFirst()).toString());
        }
    }

    private static void checkPeriod(Draft<SchemeForm> draft, LocalDate today) {
        var form = draft.form();
        if (form.validFrom() == null) return;
        if (form.validFrom().isBefore(today)) draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, form.validFrom() + " is in the past (PX-42)", "Today or later: a scheme never applies to bills of before");
        if (draft.current() == null) return;
        var before = draft.current().form();
        if (before.validFrom() != null && !form.validFrom().isAfter(before.validFrom())) {
            draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, "version " + draft.current().version() + " begins on " + before.validFrom(), "Give the new version a later first day");
        }
        if (!before.principal().equals(form.principal())) draft.fault("principal", "a scheme stays with its principal", "Write a scheme of its own for the other principal");
    }

    /// PX-23: two schemes of one stage that both take a line must stack alike, unless their group lets only one apply.
    private static void checkConflict(Draft<SchemeForm> draft, Live mine, Live other) {
        if (mine.code.equals(other.code) || !mine.stage.equals(other.stage) || mine.stacking.equals(other.stacking)) return;
        if (mine.group != null && mine.group.equals(other.group)) return;
        if (mine.from.isAfter(other.to) || other.from.isAfter(mine.to)) return;
        if (mine.skus.stream().noneMatch(other.skus::contains)) return;
        draft.fault("stacking", mine.stacking + " disagrees with " + other.code + ", which is " + other.stacking + " at stage " + other.stage + " on the same SKUs (PX-23)",
                "Say " + other.stacking + ", or put both into one exclusion group");
    }

    private static List<Long> resolve(Draft<SchemeForm> draft, String field, List<String> codes, java.util.function.Function<String, @Nullable Long> ids) {
        var found = new ArrayList<Long>();
        for (var code : codes) {
            var id = ids.apply(code);
            if (id == null) draft.fault(field, "there is no " + code, "Correct the code; SKUs are those of the principal");
            else found.add(id);
        }
        return found;
    }

    private static List<Live> live(JdbcClient db, Map<Long, Map<String, Sku>> skus, LocalDate today) {
        var live = new ArrayList<Live>();
        db.sql("""
                select s.code, s.principal_id, v.definition, v.valid_from, v.valid_to
                  from schemes.scheme s join schemes.scheme_version v on v.scheme_id = s.id
                 where v.status = 'ACTIVE' and v.valid_to >= :today""").param("today", today)
                .query(row -> {
                    var node = JSON.readTree(row.getString("definition"));
                    var products = node.path("products");
                    var named = Set.of("skuIds", "brandIds", "categoryIds").stream().anyMatch(name -> !products.path(name).isEmpty());
                    var taking = new HashSet<Long>();
                    for (var sku : skus.getOrDefault(row.getLong("principal_id"), Map.of()).values()) {
                        boolean in = !named || has(products.path("skuIds"), sku.id) || has(products.path("brandIds"), sku.brandId) || has(products.path("categoryIds"), sku.categoryId);
                        if (in && !has(products.path("excludedSkuIds"), sku.id)) taking.add(sku.id);
                    }
                    live.add(new Live(row.getString("code"), node.path("stage").asString(""), node.path("stacking").asString("CASCADE"), text(node, "exclusionGroup"),
                            row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class), taking));
                });
        return live;
    }

    private static boolean has(JsonNode array, long id) {
        for (var item : array) if (item.asString("").equals(Long.toString(id))) return true;
        return false;
    }

    /// The JSON that the rules evaluate (spec/README.md).
    private static ObjectNode definition(Draft<SchemeForm> draft, long principal, List<Long> skus, List<Long> brands, List<Long> categories, List<Long> excluded, @Nullable Long rewardSku) {
        var form = draft.form();
        var node = JSON.createObjectNode();
        node.put("id", draft.id().toString()).put("version", draft.version()).put("code", form.code()).put("name", form.name()).put("principalId", Long.toString(principal)).put("stage", form.stage());
        var mechanic = node.putObject("mechanic");
        switch (form.mechanic()) {
            case "M1" -> reward(mechanic.put("type", "DISCOUNT").putObject("reward"), form.rewardType(), form.rewardValue());
            case "M2" -> {
                var slabs = mechanic.put("type", "WHOLE_SLAB").put("basis", form.basis()).putArray("slabs");
                for (var slab : form.slabs()) {
                    var one = slabs.addObject().put("from", slab.from().toPlainString());
                    reward(one.putObject("reward"), slab.rewardType(), slab.value());
                }
            }
            default -> {
                mechanic.put("type", "FREE_GOODS").put("buy", form.buy().toPlainString()).put("get", form.get().toPlainString()).put("repeat", form.repeat()).put("inside", form.inside())
                        .put("tax", form.freeTax()).put("ifShort", form.ifShort() == null ? "REFUSE" : form.ifShort());
                if (rewardSku != null) mechanic.put("rewardSkuId", Long.toString(rewardSku));
                if (form.capPerInvoice() != null) mechanic.put("capPerInvoice", form.capPerInvoice().toPlainString());
            }
        }
        var products = node.putObject("products");
        list(products, "skuIds", skus);
        list(products, "brandIds", brands);
        list(products, "categoryIds", categories);
        list(products, "excludedSkuIds", excluded);
        var eligibility = node.putObject("eligibility");
        list(eligibility, "channels", form.channels());
        list(eligibility, "classes", form.classes());
        list(eligibility, "groups", form.groups());
        list(eligibility, "outletIds", form.outletIds());
        list(eligibility, "paymentModes", form.paymentModes());
        list(eligibility, "saleTypes", form.saleTypes());
        list(eligibility, "registrations", form.registrations());
        node.put("stacking", form.stacking());
        if (form.exclusionGroup() != null) node.put("exclusionGroup", form.exclusionGroup());
        node.put("choice", form.choice()).put("priority", form.priority()).put("principalShare", form.principalSharePercent().movePointLeft(2).stripTrailingZeros().toPlainString())
                .put("claimable", form.claimable()).put("claimRate", form.claimRate()).put("validFrom", (int) form.validFrom().toEpochDay()).put("validTo", (int) form.validTo().toEpochDay());
        return node;
    }

    private static void reward(ObjectNode node, String type, BigDecimal value) {
        switch (type) {
            case "PERCENT" -> node.put("percent", value.movePointLeft(2).stripTrailingZeros().toPlainString());
            case "PER_UNIT" -> node.put("perUnit", value.toPlainString());
            default -> node.put("fixed", value.setScale(2).toPlainString());
        }
    }

    private static void list(ObjectNode node, String name, List<?> items) {
        if (items.isEmpty()) return;
        var array = node.putArray(name);
        for (var item : items) array.add(item.toString());
    }

    /// What a person wrote, read back from the definition.
    public static SchemeForm form(ResultSet row) throws SQLException {
        var node = JSON.readTree(row.getString("definition"));
        var mechanic = node.path("mechanic");
        var eligibility = node.path("eligibility");
        var reward = mechanic.path("reward");
        return new SchemeForm(row.getString("code"), row.getString("name"), row.getString("principal"), row.getString("mechanic"), row.getObject("valid_from", LocalDate.class),
                row.getObject("valid_to", LocalDate.class), node.path("stage").asString(""), split(row.getString("skus")), split(row.getString("brands")), split(row.getString("categories")),
                split(row.getString("excluded_skus")), texts(eligibility, "channels"), texts(eligibility, "classes"), texts(eligibility, "groups"),
                texts(eligibility, "outletIds").stream().map(UUID::fromString).toList(), texts(eligibility, "paymentModes"), texts(eligibility, "saleTypes"), texts(eligibility, "registrations"),
                node.path("stacking").asString(""), text(node, "exclusionGroup"), node.path("choice").asString(""), node.path("priority").asInt(0),
                percent(node.path("principalShare").asString("1")), node.path("claimable").asBoolean(true), node.path("claimRate").asString(""),
                reward.isMissingNode() ? null : type(reward), reward.isMissingNode() ? null : value(reward), text(mechanic, "basis"), slabs(mechanic),
                decimal(mechanic, "buy"), decimal(mechanic, "get"), mechanic.path("repeat").asBoolean(false), mechanic.path("inside").asBoolean(false), row.getString("reward_sku"),
                decimal(mechanic, "capPerInvoice"), text(mechanic, "tax"), text(mechanic, "ifShort"));
    }

    private static List<SchemeSlab> slabs(JsonNode mechanic) {
        var slabs = new ArrayList<SchemeSlab>();
        var nodes = mechanic.path("slabs");
        boolean quantity = mechanic.path("basis").asString("").equals("BASE_QTY");
        for (int at = 0; at < nodes.size(); at++) {
            var from = new BigDecimal(nodes.get(at).path("from").asString("0"));
            BigDecimal to = null;
            if (at + 1 < nodes.size()) {
                var next = new BigDecimal(nodes.get(at + 1).path("from").asString("0"));
                boolean pieces = from.stripTrailingZeros().scale() <= 0 && next.stripTrailingZeros().scale() <= 0;
                to = !quantity ? next : next.subtract(pieces ? BigDecimal.ONE : new BigDecimal("0.001"));
            }
            var reward = nodes.get(at).path("reward");
            slabs.add(new SchemeSlab(from, to, type(reward), value(reward)));
        }
        return slabs;
    }

    private static String type(JsonNode reward) {
        return reward.has("percent") ? "PERCENT" : reward.has("perUnit") ? "PER_UNIT" : "FIXED";
    }

    private static BigDecimal value(JsonNode reward) {
        if (reward.has("percent")) return percent(reward.path("percent").asString("0"));
        return new BigDecimal(reward.has("perUnit") ? reward.path("perUnit").asString("0") : reward.path("fixed").asString("0"));
    }

    private static BigDecimal percent(String fraction) {
        var percent = new BigDecimal(fraction).movePointRight(2).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }

    private static @Nullable BigDecimal decimal(JsonNode node, String name) {
        var text = text(node, name);
        return text == null ? null : new BigDecimal(text);
    }

    private static @Nullable String text(JsonNode node, String name) {
        var value = node.path(name);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }

    private static List<String> texts(JsonNode node, String name) {
        var texts = new ArrayList<String>();
        for (var item : node.path(name)) texts.add(item.asString());
        return texts;
    }

    private static List<String> split(String codes) {
        return codes.isEmpty() ? List.of() : List.of(codes.split(","));
    }

    @Override
    protected void writeParts(Batches batches, List<Draft<SchemeForm>> drafts) {
        var ends = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<Map<String, ?>>();
        for (var draft : drafts) {
            var form = draft.form();
            if (!draft.isNew()) ends.add(Map.of("id", draft.id(), "version", draft.version(), "from", form.validFrom(), "end", form.validFrom().minusDays(1)));
            rows.add(Map.of("id", draft.id(), "version", draft.version(), "principal", draft.found("principalId"), "name", form.name(), "mechanic", form.mechanic(),
                    "definition", draft.found("definition"), "from", form.validFrom(), "to", form.validTo(), "now", clock.instant()));
        }
        if (!ends.isEmpty()) batches.run("""
                update schemes.scheme_version set valid_to = :end, version = version + 1
                 where scheme_id = :id and version_no < :version and valid_to >= :from""", ends);
        batches.run("""
                insert into schemes.scheme_version (scheme_id, version_no, principal_id, name, mechanic, definition, valid_from, valid_to, status, created_at)
                values (:id, :version, :principal, :name, :mechanic, :definition, :from, :to, 'ACTIVE', :now)""", rows);
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<SchemeForm> draft) {
        return Set.of(ConfigVersions.NATIONAL);
    }
}
