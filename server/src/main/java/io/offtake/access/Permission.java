package io.offtake.access;

import static io.offtake.access.Role.ASM;
import static io.offtake.access.Role.AUD;
import static io.offtake.access.Role.BC;
import static io.offtake.access.Role.CA;
import static io.offtake.access.Role.COE;
import static io.offtake.access.Role.DO;
import static io.offtake.access.Role.FIN;
import static io.offtake.access.Role.GK;
import static io.offtake.access.Role.IT;
import static io.offtake.access.Role.REP;
import static io.offtake.access.Role.RSM;
import static io.offtake.access.Role.SO;
import static io.offtake.access.Role.VS;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a person may do, one line per cell group of the matrix in domain 12.2. Which rows it may be done to is the row
/// scope's question. An API token holds permissions by name; the role API by itself holds none.
public enum Permission {
    DISTRIBUTOR_READ("see distributors and warehouses", SO, FIN, COE, RSM, ASM, DO, CA, AUD),
    DISTRIBUTOR_WRITE("create and change distributors and warehouses", COE, RSM, ASM),
    PRINCIPAL_READ("see principals", SO, FIN, COE, RSM, ASM, DO, BC, CA, AUD),
    PRINCIPAL_WRITE("create and change principals", COE),
    TERRITORY_READ("see territories", SO, FIN, IT, COE, RSM, ASM, DO, CA, AUD),
    TERRITORY_WRITE("create and change territories", COE),
    OUTLET_READ("see outlets", SO, FIN, COE, RSM, ASM, REP, VS, DO, BC, CA, AUD),
    OUTLET_WRITE("create and change outlets", COE, REP, VS, DO, BC),
    CREDIT_TERMS_READ("see credit limits", SO, FIN, RSM, ASM, REP, VS, DO, BC, AUD),
    CREDIT_TERMS_WRITE("set credit limits", FIN, RSM, ASM),
    SKU_READ("see SKUs, tax rates and batches", SO, FIN, COE, RSM, ASM, REP, VS, DO, BC, GK, CA, AUD),
    SKU_WRITE("create and change SKUs", COE),
    TAX_WRITE("set tax rates", COE),
    PRICE_READ("see price lists", SO, FIN, COE, RSM, ASM, REP, VS, DO, BC, CA, AUD),
    PRICE_WRITE("set prices", SO, COE),
    SCHEME_READ("see schemes", SO, FIN, COE, RSM, ASM, REP, VS, DO, BC, CA, AUD),
    SCHEME_WRITE("create and change schemes", SO, COE),
    SERIES_READ("see number series", FIN, COE, DO, BC, AUD),
    SERIES_WRITE("open and close number series", COE),
    CONFIG_READ("see policies and change requests", SO, FIN, IT, COE, RSM, ASM, DO, CA, AUD),
    CONFIG_WRITE("set policies and templates", COE),
    TEMPLATE_USE("propose local settings of a template", SO, COE, RSM, ASM, DO),
    PRICE_APPROVE("approve prices", FIN),
    SCHEME_APPROVE("approve schemes", FIN),
    TAX_APPROVE("approve tax rates", FIN),
    CREDIT_TERMS_APPROVE("approve credit limits", FIN),
    CONFIG_APPROVE("approve number series, policies and templates", FIN),
    BUNDLE_EXPORT("export signed configuration", IT, COE),
    BUNDLE_IMPORT("import signed configuration", COE),
    BUNDLE_TRUST("say whose signatures count", IT),

    ORDER_READ("see orders", SO, FIN, RSM, ASM, REP, VS, DO, BC, GK, AUD),
    ORDER_WRITE("book orders", REP, VS, DO, BC),
    ORDER_ALLOCATE("allocate orders", DO, BC),
    ORDER_CANCEL("cancel orders", REP, DO, BC),
    ORDER_DELIVER("confirm deliveries", DO, BC, GK),
    INVOICE_READ("see invoices and credit notes", SO, FIN, RSM, ASM, REP, VS, DO, BC, GK, CA, AUD),
    INVOICE_POST("post invoices", VS, BC),
    INVOICE_CANCEL("ask to cancel an invoice", DO, BC),
    INVOICE_CANCEL_CONFIRM("confirm the cancellation of an invoice", DO),
    CREDIT_NOTE_POST("post credit notes", BC),
    SCHEME_PAY("pay outlets what schemes owe them", DO),
    RETURN_READ("see returns", SO, FIN, RSM, ASM, REP, VS, DO, BC, GK, CA, AUD),
    RETURN_REQUEST("ask for returns", REP, VS, DO, BC),
    RETURN_APPROVE("approve returns", RSM, ASM, DO, BC),
    RETURN_RECEIVE("receive and inspect returns", DO, BC, GK),
    RETURN_CREDIT("credit returns", BC),
    TAX_READ("see tax documents and returns", SO, FIN, COE, RSM, ASM, DO, BC, GK, CA, AUD),
    TAX_FILE("send and cancel tax documents", DO, BC),
    E_WAY_BILL_POST("make e-way bills", DO, BC, GK),
    TAX_RETURN_READ("see tax returns", FIN, DO, BC, AUD),
    TAX_REGISTRATION_WRITE("set tax registrations and turnovers", FIN, COE, DO),
    COLLECTION_READ("see collections and bills to pay", SO, FIN, RSM, ASM, REP, VS, DO, BC, AUD),
    COLLECTION_POST("take collections", REP, VS, BC),
    STOCK_READ("see stock", SO, FIN, RSM, ASM, REP, VS, DO, BC, GK, AUD),
    GOODS_RECEIPT_READ("see goods receipts", SO, RSM, ASM, DO, BC, GK, AUD),
    GOODS_RECEIPT_POST("post goods receipts", GK),

    CLAIM_READ("see claims", SO, FIN, RSM, ASM, DO, BC, CA, AUD),
    CLAIM_WRITE("prepare claims", DO, BC),
    CLAIM_SUBMIT("file and dispute claims", DO),
    CLAIM_DECIDE("decide claims", CA, FIN),
    CLAIM_APPROVE("confirm decisions on claims", FIN),
    CLAIM_SETTLE("settle claims", FIN),
    CLAIM_WAIVE("let late claims in, hear appeals", RSM),
    SPEND_READ("see trade spend", SO, FIN, RSM, ASM, DO, CA, AUD),

    INSIGHT_READ("ask for numbers", SO, FIN, COE, RSM, ASM, DO, CA, AUD),
    FEED_SEND("send facts of another system", COE, DO, BC),
    FEED_READ("see data health", SO, FIN, IT, COE, RSM, ASM, DO, CA, AUD),
    FEED_MAP("say what codes of another system stand for", COE, DO, BC),
    FEED_AGREE("agree on what another system sends", COE),
    FEED_SIGN_OFF("sign restatements off", FIN),
    SCORE_READ("see scores, plans and playbooks", SO, FIN, COE, RSM, ASM, DO, CA, AUD),
    SCORE_WRITE("propose how distributors are scored", COE),
    SCORE_APPROVE("approve how distributors are scored", FIN),
    PLAN_WRITE("agree on action plans", SO, FIN, RSM, ASM, DO),
    ALERT_READ("see alerts", SO, FIN, COE, RSM, ASM, AUD),
    ALERT_WRITE("take care of alerts", SO, FIN, RSM, ASM),
    IMPORT_RUN("run imports", COE, DO, BC),
    JOB_READ("see imports and jobs", SO, FIN, IT, COE, DO, BC, AUD),
    SYNC("work offline", REP, VS, DO, BC, GK),
    DEVICE_READ("see devices and their outcomes", SO, IT, COE, RSM, ASM, DO, BC, AUD),
    DEVICE_MANAGE("lock, wipe and revoke devices", IT, COE, RSM, ASM, DO),
    RESCUE_APPROVE("take over the queue of a locked device", RSM, ASM, DO),
    TASK_READ("see tasks from offline work", FIN, RSM, ASM, DO, BC, AUD),
    TASK_DECIDE("decide tasks from offline work", FIN, RSM, ASM, DO),
    EVIDENCE_READ("see pictures and papers", SO, FIN, RSM, ASM, REP, VS, DO, BC, GK, CA, AUD),
    EVIDENCE_WRITE("add pictures and papers", REP, VS, DO, BC, GK),

    USER_READ("see users", IT, COE, DO, AUD),
    USER_WRITE("administer users", IT, COE, DO),
    TOKEN_WRITE("administer API tokens", IT, COE),
    SECURITY_LOG_READ("read the security log", IT, AUD),
    AUDIT_READ("read the audit chain", FIN, COE, CA, AUD);

    private final String title;
    private final Set<Role> roles;

    Permission(String title, Role... roles) {
        this.title = title;
        this.roles = Collections.unmodifiableSet(EnumSet.copyOf(List.of(roles)));
    }

    /// As it follows "your role does not allow to": a verb phrase.
    public String title() {
        return title;
    }

    public Set<Role> roles() {
        return roles;
    }

    /// Whether it posts business documents or decides money (SOD-6).
    public boolean posts() {
        return switch (this) {
            case CLAIM_WRITE, CLAIM_SUBMIT, CLAIM_DECIDE, CLAIM_APPROVE, CLAIM_SETTLE -> true;
            case ORDER_WRITE, ORDER_ALLOCATE, ORDER_CANCEL, ORDER_DELIVER, INVOICE_POST, INVOICE_CANCEL, INVOICE_CANCEL_CONFIRM,
                    CREDIT_NOTE_POST, SCHEME_PAY, RETURN_REQUEST, RETURN_APPROVE, RETURN_RECEIVE, RETURN_CREDIT, TAX_FILE, E_WAY_BILL_POST, COLLECTION_POST,
                    GOODS_RECEIPT_POST -> true;
            default -> false;
        };
    }

    /// All that a set of roles allows.
    public static Set<Permission> of(Set<Role> roles) {
        var all = EnumSet.noneOf(Permission.class);
        Arrays.stream(values()).filter(permission -> !Collections.disjoint(permission.roles, roles)).forEach(all::add);
        return Collections.unmodifiableSet(all);
    }
}
