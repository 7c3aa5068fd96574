package io.offtake.tax.portal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.Inv01;
import io.offtake.tax.india.Inv01Check;
import io.offtake.tax.india.Law;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Both portals in the box: a small HTTP server on this machine that registers, finds and cancels as the real ones do, signs
/// with a key of its own, and goes wrong on demand: it can time out after committing, be down, answer a first registration
/// as a duplicate, answer late, alter what it keeps or what it says, or send half an answer. It keeps everything in memory.
/// Nothing it gives out has any legal worth.
public final class PortalSimulator implements AutoCloseable {

    /// What goes wrong with one request.
    public enum Fault {
        NONE,
        /// Nothing happens, and no answer comes.
        LOST_BEFORE,
        /// It happens, and no answer comes.
        LOST_AFTER,
        /// 503.
        DOWN,
        /// It happens, and the answer says that it had happened before.
        SAYS_DUPLICATE,
        /// It happens, and a look-up does not show it yet for some requests.
        LATE_TO_SHOW,
        /// It happens, but the answer holds other amounts than were sent.
        ALTERED_ANSWER,
        /// The portal itself keeps other amounts than were sent.
        ALTERED_DOCUMENT,
        /// It happens, and half an answer comes.
        CUT,
        /// 500 before anything happens.
        BROKEN
    }

    /// Decides for each request what goes wrong: asked with `register`, `find`, `cancel`, `eway`, and the document number.
    @FunctionalInterface
    public interface Mischief {
        Fault on(String step, String number);
    }

    private static final class Kept {
        final String reference;
        final String acknowledgement;
        final Instant at;
        final JsonNode document;
        final String signed;
        final String qr;
        boolean cancelled;
        Instant cancelledAt = Instant.EPOCH;
        @Nullable Instant validUntil;
        int hiddenFor;

        Kept(String reference, String acknowledgement, Instant at, JsonNode document, String signed, String qr) {
            this.reference = reference;
            this.acknowledgement = acknowledgement;
            this.at = at;
            this.document = document;
            this.signed = signed;
            this.qr = qr;
        }
    }

    private final HttpServer server;
    private final java.util.concurrent.ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Clock clock;
    private final Law law;
    private final KeyPair keys;
    private final Duration silence;
    private final AtomicLong numbers = new AtomicLong(112_010_000_000_000L);
    private final Map<String, Kept> invoices = new LinkedHashMap<>();
    private final Map<String, Kept> byDocument = new HashMap<>();
    private final Map<String, Kept> ewayBills = new LinkedHashMap<>();
    private final Map<String, Kept> ewayByDocument = new HashMap<>();
    private volatile Mischief mischief = (_, _) -> Fault.NONE;
    private volatile Instant downUntil = Instant.MIN;
    private final AtomicLong requests = new AtomicLong();
    private final Map<String, Integer> registrations = new HashMap<>();

    /// @param port    0 for any free one
    /// @param silence how long a lost answer is held back: longer than the caller waits
    public PortalSimulator(int port, Clock clock, Law law, Duration silence) {
        this.clock = clock;
        this.law = law;
        this.silence = silence;
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// What its signatures are checked with.
    public PublicKey key() {
        return keys.getPublic();
    }

    public void mischief(Mischief how) {
        mischief = how;
    }

    /// Answers 503 to everything until then.
    public void downUntil(Instant moment) {
        downUntil = moment;
    }

    /// Lets an e-way bill end at another moment, as if the days until then had passed.
    public synchronized void endsAt(String ewayBill, Instant moment) {
        var kept = ewayBills.get(ewayBill);
        if (kept != null) kept.validUntil = moment;
    }

    public long requests() {
        return requests.get();
    }

    /// How many IRNs stand for a document, cancelled ones included: one at most, ever.
    public synchronized int registrationsOf(String sellerGstin, String type, String number) {
        return registrations.getOrDefault(sellerGstin + " " + type + " " + number.toUpperCase(Locale.ROOT), 0);
    }

    /// All references given out for invoices and notes.
    public synchronized List<String> references() {
        return List.copyOf(invoices.keySet());
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    // ---- requests

    private record Reply(int status, JsonNode body) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            if (clock.instant().isBefore(downUntil)) {
                answer(exchange, new Reply(503, error("down for maintenance")), false);
                return;
            }
            var path = exchange.getRequestURI().getPath();
            var query = query(exchange.getRequestURI());
            var text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            JsonNode body = text.isEmpty() ? Inv01.JSON.createObjectNode() : Inv01.JSON.readTree(text);
            var step = path.endsWith("/irnbydocdetails") || path.endsWith("/GetEwayBillGeneratedByConsigner") ? "find" : path.endsWith("/Cancel") || "CANEWB".equals(query.get("action")) ? "cancel"
                    : path.startsWith(HttpPortal.EWAY) ? "eway" : "register";
            var number = step.equals("find") ? query.getOrDefault("docnum", query.getOrDefault("docNo", "")) : step.equals("register") ? body.at("/DocDtls/No").asString() : body.path("docNo").asString("");
            var fault = mischief.on(step, number);
            switch (fault) {
                case LOST_BEFORE -> {
                    silent();
                    return;
                }
                case DOWN -> {
                    answer(exchange, new Reply(503, error("down")), false);
                    return;
                }
                case BROKEN -> {
                    answer(exchange, new Reply(500, error("broken")), false);
                    return;
                }
                default -> { }
            }
            var reply = path.startsWith(HttpPortal.EWAY) ? eway(exchange.getRequestHeaders().getFirst("Gstin"), step, query, body) : invoices(exchange.getRequestHeaders().getFirst("Gstin"), step, query, body, fault);
            if (fault == Fault.LOST_AFTER) silent();
            else answer(exchange, reply, fault == Fault.CUT);
        }
    }

    private void silent() {
        try {
            closed.await(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, Reply reply, boolean cut) throws IOException {
        var bytes = Inv01.JSON.writeValueAsBytes(reply.body);
        if (cut) bytes = java.util.Arrays.copyOf(bytes, bytes.length / 2);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(reply.status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(URI address) {
        var found = new HashMap<String, String>();
        if (address.getRawQuery() == null) return found;
        for (var part : address.getRawQuery().split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) found.put(part.substring(0, equals), URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return found;
    }

    // ---- the invoice portal

    private synchronized Reply invoices(@Nullable String gstin, String step, Map<String, String> query, JsonNode body, Fault fault) {
        return switch (step) {
            case "find" -> {
                var kept = byDocument.get(gstin + " " + query.get("doctype") + " " + query.getOrDefault("docnum", "").toUpperCase(Locale.ROOT));
                if (kept == null || kept.hiddenFor-- > 0) yield refused("2148", "Requested IRN data is not available");
                yield new Reply(200, accepted(kept, fault));
            }
            case "cancel" -> cancel(body);
            default -> register(body, fault);
        };
    }

    private Reply register(JsonNode body, Fault fault) {
        if (!Inv01Check.isOfTheSchema(Inv01.JSON.writeValueAsString(body))) return refused("5002", "The JSON does not fit the schema");
        var today = LocalDate.ofInstant(clock.instant(), EwayBill.ZONE);
        var faults = Inv01Check.faults(body, new Inv01Check.Terms(false, today, null));
        if (!faults.isEmpty()) return refused(faults.getFirst().code().startsWith("IN-") ? "5002" : faults.getFirst().code(), faults.getFirst().detail());
        var gstin = body.at("/SellerDtls/Gstin").asString();
        var date = LocalDate.parse(body.at("/DocDtls/Dt").asString(), DateTimeFormatter.ofPattern("dd/MM/uuuu", Locale.ROOT));
        var type = body.at("/DocDtls/Typ").asString();
        var number = body.at("/DocDtls/No").asString();
        var irn = EInvoice.irn(gstin, date, type, number);
        var before = invoices.get(irn);
        if (before != null) return duplicate(before);
        var document = (ObjectNode) body.deepCopy();
        if (fault == Fault.ALTERED_DOCUMENT) alter(document);
        var acknowledgement = Long.toString(numbers.incrementAndGet());
        var at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        var kept = keep(irn, acknowledgement, at, document);
        invoices.put(irn, kept);
        byDocument.put(gstin + " " + type + " " + number.toUpperCase(Locale.ROOT), kept);
        registrations.merge(gstin + " " + type + " " + number.toUpperCase(Locale.ROOT), 1, Integer::sum);
        if (fault == Fault.LATE_TO_SHOW) kept.hiddenFor = 2;
        if (fault == Fault.SAYS_DUPLICATE || fault == Fault.LATE_TO_SHOW) return duplicate(kept);
        return new Reply(200, accepted(kept, fault));
    }

    private Kept keep(String irn, String acknowledgement, Instant at, ObjectNode document) {
        document.put("AckNo", Long.parseLong(acknowledgement)).put("AckDt", HttpPortal.ACKNOWLEDGED.format(at.atZone(EwayBill.ZONE))).put("Irn", irn);
        var signed = Inv01.JSON.createObjectNode();
        signed.put("data", Inv01.JSON.writeValueAsString(document)).put("iss", "SIMULATOR");
        var facts = Inv01.JSON.createObjectNode();
        facts.put("SellerGstin", document.at("/SellerDtls/Gstin").asString()).put("BuyerGstin", document.at("/BuyerDtls/Gstin").asString()).put("DocNo", document.at("/DocDtls/No").asString())
                .put("DocTyp", document.at("/DocDtls/Typ").asString()).put("DocDt", document.at("/DocDtls/Dt").asString()).put("TotInvVal", document.at("/ValDtls/TotInvVal").decimalValue())
                .put("ItemCnt", document.get("ItemList").size()).put("MainHsnCode", document.at("/ItemList/0/HsnCd").asString()).put("Irn", irn).put("IrnDt", HttpPortal.ACKNOWLEDGED.format(at.atZone(EwayBill.ZONE)));
        var qr = Inv01.JSON.createObjectNode();
        qr.put("data", Inv01.JSON.writeValueAsString(facts)).put("iss", "SIMULATOR");
        return new Kept(irn, acknowledgement, at, document, Jws.sign(Inv01.JSON.writeValueAsString(signed), keys.getPrivate(), "SIM"), Jws.sign(Inv01.JSON.writeValueAsString(qr), keys.getPrivate(), "SIM"));
    }

    private static void alter(ObjectNode document) {
        var values = (ObjectNode) document.get("ValDtls");
        values.put("TotInvVal", values.get("TotInvVal").decimalValue().add(new java.math.BigDecimal("10.00")));
    }

    private JsonNode accepted(Kept kept, Fault fault) {
        var said = kept;
        if (fault == Fault.ALTERED_ANSWER) {
            var other = (ObjectNode) kept.document.deepCopy();
            alter(other);
            said = keep(kept.reference, kept.acknowledgement, kept.at, other);
        }
        var root = Inv01.JSON.createObjectNode();
        root.put("Status", 1);
        root.putObject("Data").put("AckNo", said.acknowledgement).put("AckDt", HttpPortal.ACKNOWLEDGED.format(said.at.atZone(EwayBill.ZONE))).put("Irn", said.reference).put("SignedInvoice", said.signed)
                .put("SignedQRCode", said.qr).put("Status", kept.cancelled ? "CNL" : "ACT");
        return root;
    }

    private Reply duplicate(Kept kept) {
        var root = (ObjectNode) refused("2150", "Duplicate IRN").body;
        root.putArray("InfoDtls").addObject().put("InfCd", "DUPIRN").putObject("Desc").put("AckNo", kept.acknowledgement).put("AckDt", HttpPortal.ACKNOWLEDGED.format(kept.at.atZone(EwayBill.ZONE))).put("Irn", kept.reference);
        return new Reply(200, root);
    }

    private Reply cancel(JsonNode body) {
        var kept = invoices.get(body.path("Irn").asString());
        if (kept == null) return refused("2148", "Requested IRN data is not available");
        if (kept.cancelled) return refused("9999", "Invoice is not active");
        if (!EInvoice.mayBeCancelled(clock.instant(), kept.at, false, law)) return refused("2270", "The allowed cancellation time limit is crossed");
        var number = kept.document.at("/DocDtls/No").asString();
        var eway = ewayByDocument.get(kept.document.at("/SellerDtls/Gstin").asString() + " " + number);
        if (eway != null && !eway.cancelled) return refused("4002", "EwayBill is already generated for this IRN; cancel it first");
        kept.cancelled = true;
        kept.cancelledAt = clock.instant();
        var root = Inv01.JSON.createObjectNode();
        root.put("Status", 1);
        root.putObject("Data").put("Irn", kept.reference).put("CancelDate", HttpPortal.ACKNOWLEDGED.format(kept.cancelledAt.atZone(EwayBill.ZONE)));
        return new Reply(200, root);
    }

    private static Reply refused(String code, String text) {
        var root = Inv01.JSON.createObjectNode();
        root.put("Status", 0);
        root.putArray("ErrorDetails").addObject().put("ErrorCode", code).put("ErrorMessage", text);
        return new Reply(200, root);
    }

    private static JsonNode error(String text) {
        return Inv01.JSON.createObjectNode().put("error", text);
    }

    // ---- the e-way bill portal

    private synchronized Reply eway(@Nullable String gstin, String step, Map<String, String> query, JsonNode body) {
        if (step.equals("find")) {
            var kept = ewayByDocument.get(gstin + " " + query.getOrDefault("docNo", "").toUpperCase(Locale.ROOT));
            return kept == null ? ewayRefused("325", "Could not retrieve data") : new Reply(200, ewayAccepted(kept));
        }
        var action = query.getOrDefault("action", "");
        if (action.equals("GENEWAYBILL")) return generate(gstin, body);
        if (action.equals("GENCEWB")) return consolidate(body);
        var kept = ewayBills.get(body.path("ewbNo").asString());
        if (kept == null || kept.cancelled) return ewayRefused(kept == null ? "338" : "320", kept == null ? "Invalid e-way bill number" : "The e-way bill is cancelled");
        switch (action) {
            case "CANEWB" -> {
                if (!EwayBill.mayBeCancelled(clock.instant(), kept.at, false, law)) return ewayRefused("315", "Validity period lapsed: it cannot be cancelled");
                kept.cancelled = true;
                kept.cancelledAt = clock.instant();
            }
            case "VEHEWB" -> {
                if (kept.validUntil == null) kept.validUntil = valid(kept.document.path("transDistance").asInt(), clock.instant());
            }
            case "EXTENDVALIDITY" -> {
                if (kept.validUntil == null || !EwayBill.mayBeExtended(clock.instant(), kept.validUntil, law)) return ewayRefused("378", "It can be extended 8 hours before or after its end only");
                kept.validUntil = valid(body.path("remainingDistance").asInt(), clock.instant());
            }
            default -> {
                return ewayRefused("108", "Invalid action");
            }
        }
        return new Reply(200, ewayAccepted(kept));
    }

    private Reply generate(@Nullable String gstin, JsonNode body) {
        var number = body.path("docNo").asString().toUpperCase(Locale.ROOT);
        var before = ewayByDocument.get(gstin + " " + number);
        if (before != null && !before.cancelled) return ewayRefused("604", "E-way bill already generated for this document number");
        int distance = body.path("transDistance").asInt();
        if (distance < 1 || distance > 4000) return ewayRefused("702", "The distance between the PINs is not possible");
        if (body.path("itemList").isEmpty() || body.path("itemList").size() > 250) return ewayRefused("100", "Between 1 and 250 lines");
        var kept = new Kept(Long.toString(numbers.incrementAndGet() % 1_000_000_000_000L), "", clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS), body.deepCopy(), "", "");
        if (!body.path("vehicleNo").asString("").isEmpty()) kept.validUntil = valid(distance, kept.at);
        ewayBills.put(kept.reference, kept);
        ewayByDocument.put(gstin + " " + number, kept);
        return new Reply(200, ewayAccepted(kept));
    }

    private Reply consolidate(JsonNode body) {
        if (body.path("vehicleNo").asString("").isEmpty()) return ewayRefused("204", "Invalid vehicle number");
        if (body.path("tripSheetEwbBills").isEmpty()) return ewayRefused("205", "No e-way bill is named");
        for (var one : body.path("tripSheetEwbBills")) {
            var kept = ewayBills.get(one.path("ewbNo").asString());
            if (kept == null || kept.cancelled) return ewayRefused(kept == null ? "338" : "320", kept == null ? "Invalid e-way bill number" : "The e-way bill is cancelled");
            if (kept.validUntil == null) kept.validUntil = valid(kept.document.path("transDistance").asInt(), clock.instant());
        }
        var root = Inv01.JSON.createObjectNode();
        root.put("status", "1");
        root.putObject("data").put("cEwbNo", Long.toString(numbers.incrementAndGet() % 10_000_000_000L)).put("cEwbDate", moment(clock.instant()));
        return new Reply(200, root);
    }

    private Instant valid(int distance, Instant from) {
        ZonedDateTime at = from.atZone(EwayBill.ZONE);
        return EwayBill.validUntil(at, EwayBill.days(distance, false, at.toLocalDate(), law)).toInstant();
    }

    private static JsonNode ewayAccepted(Kept kept) {
        var root = Inv01.JSON.createObjectNode();
        root.put("status", "1");
        var data = root.putObject("data");
        data.put("ewayBillNo", kept.reference).put("ewayBillDate", moment(kept.at)).put("status", kept.cancelled ? "CNL" : "ACT");
        if (kept.validUntil != null) data.put("validUpto", moment(kept.validUntil));
        if (kept.cancelled) data.put("cancelDate", moment(kept.cancelledAt));
        return root;
    }

    private static Reply ewayRefused(String code, String text) {
        var root = Inv01.JSON.createObjectNode();
        root.put("status", "0");
        root.putObject("error").put("errorCodes", code).put("message", text);
        return new Reply(200, root);
    }

    private static String moment(Instant at) {
        return HttpPortal.EWAY_MOMENT.format(at.atZone(EwayBill.ZONE));
    }
}
