package io.offtake.tax.portal;

import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.Inv01;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The portals over HTTP, in the plain JSON that access providers (GSPs) take and give: the provider holds the portal's
/// encryption and session. Paths and members are those of the portals' version 1.03.
public final class HttpPortal implements TaxPortal {
    static final DateTimeFormatter ACKNOWLEDGED = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    static final DateTimeFormatter EWAY_MOMENT = DateTimeFormatter.ofPattern("dd/MM/uuuu hh:mm:ss a", Locale.ENGLISH);
    static final String INVOICE = "/eicore/v1.03/Invoice";
    static final String EWAY = "/ewaybillapi/v1.03/ewayapi";
    /// The portal has it already.
    public static final String DUPLICATE_IRN = "2150";
    /// The portal has an e-way bill for that document already.
    public static final String DUPLICATE_EWAY_BILL = "604";
    private static final List<String> UNKNOWN_DOCUMENT = List.of("2148", "2283E", "325", "338");

    private final URI base;
    private final Duration patience;
    private final Map<String, String> headers;
    private final HttpClient client;

    /// @param patience how long an answer is waited for
    /// @param headers  the provider's own: client id, secret
    public HttpPortal(URI base, Duration patience, Map<String, String> headers) {
        this.base = base;
        this.patience = patience;
        this.headers = Map.copyOf(headers);
        this.client = HttpClient.newBuilder().connectTimeout(patience.compareTo(Duration.ofSeconds(10)) < 0 ? patience : Duration.ofSeconds(10)).version(HttpClient.Version.HTTP_1_1).build();
    }

    @Override
    public Answer registerInvoice(JsonNode payload) {
        return invoice(send(payload.at("/SellerDtls/Gstin").asString(), "POST", INVOICE, payload), true);
    }

    @Override
    public Answer findInvoice(DocumentKey key) {
        return invoice(send(key.sellerGstin(), "GET", INVOICE + "/irnbydocdetails?doctype=" + key.type() + "&docnum=" + coded(key.number()) + "&docdate=" + coded(Inv01.day(key.date())), null), true);
    }

    @Override
    public Answer cancelInvoice(String sellerGstin, String irn, String reasonCode, String remark) {
        var body = Inv01.JSON.createObjectNode();
        body.put("Irn", irn).put("CnlRsn", reasonCode).put("CnlRem", remark);
        return invoice(send(sellerGstin, "POST", INVOICE + "/Cancel", body), false);
    }

    @Override
    public Answer registerEwayBill(JsonNode payload) {
        return eway(send(payload.path("fromGstin").asString(), "POST", EWAY + "?action=GENEWAYBILL", payload));
    }

    @Override
    public Answer findEwayBill(DocumentKey key) {
        return eway(send(key.sellerGstin(), "GET", EWAY + "/GetEwayBillGeneratedByConsigner?docType=" + key.type() + "&docNo=" + coded(key.number()), null));
    }

    @Override
    public Answer cancelEwayBill(String sellerGstin, String number, String reasonCode, String remark) {
        return eway(send(sellerGstin, "POST", EWAY + "?action=CANEWB", body("ewbNo", number, "cancelRsnCode", reasonCode, "cancelRmrk", remark)));
    }

    @Override
    public Answer changeVehicle(String sellerGstin, String number, String vehicle, String fromPlace, String fromState, String reasonCode, String remark) {
        return eway(send(sellerGstin, "POST", EWAY + "?action=VEHEWB", body("ewbNo", number, "vehicleNo", vehicle, "fromPlace", fromPlace, "fromState", fromState, "reasonCode", reasonCode,
                "reasonRem", remark, "transMode", "1")));
    }

    @Override
    public Answer extendEwayBill(String sellerGstin, String number, String vehicle, int remainingKm, String fromPlace, String fromPin, String fromState, String remark) {
        return eway(send(sellerGstin, "POST", EWAY + "?action=EXTENDVALIDITY", body("ewbNo", number, "vehicleNo", vehicle, "remainingDistance", Integer.toString(remainingKm), "fromPlace", fromPlace,
                "fromPincode", fromPin, "fromState", fromState, "extnRsnCode", "99", "extnRemarks", remark, "transMode", "1", "consignmentStatus", "M")));
    }

    @Override
    public Answer consolidate(String sellerGstin, List<String> numbers, String vehicle, String fromPlace, String fromState) {
        var body = body("vehicleNo", vehicle, "fromPlace", fromPlace, "fromState", fromState, "transMode", "1");
        var list = body.putArray("tripSheetEwbBills");
        numbers.forEach(number -> list.addObject().put("ewbNo", number));
        return eway(send(sellerGstin, "POST", EWAY + "?action=GENCEWB", body));
    }

    private static ObjectNode body(String... members) {
        var body = Inv01.JSON.createObjectNode();
        for (int at = 0; at < members.length; at += 2) body.put(members[at], members[at + 1]);
        return body;
    }

    // ---- on the line

    private sealed interface Line {
        record Said(JsonNode json, String raw) implements Line {}

        record Silent(Answer answer) implements Line {}
    }

    private Line send(String gstin, String method, String path, @Nullable JsonNode body) {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(patience).header("Accept", "application/json").header("Gstin", gstin);
        headers.forEach(request::header);
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(Inv01.JSON.writeValueAsString(body)));
        try {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() == 503) return new Line.Silent(new Answer.NotReached("the portal is down (503)"));
            if (answer.statusCode() >= 500) return new Line.Silent(new Answer.NoAnswer("the portal answered " + answer.statusCode()));
            if (answer.statusCode() == 429) return new Line.Silent(new Answer.NotReached("the portal asks to slow down (429)"));
            return new Line.Said(Inv01.JSON.readTree(answer.body()), answer.body());
        } catch (HttpConnectTimeoutException | ConnectException unreached) {
            return new Line.Silent(new Answer.NotReached("the portal cannot be reached"));
        } catch (JacksonException unreadable) {
            return new Line.Silent(new Answer.NoAnswer("the portal's answer cannot be read"));
        } catch (IOException lost) {
            return new Line.Silent(new Answer.NoAnswer("no answer: " + (lost.getMessage() == null ? lost.getClass().getSimpleName() : lost.getMessage())));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Line.Silent(new Answer.NoAnswer("stopped while waiting"));
        }
    }

    private static Answer invoice(Line line, boolean whole) {
        if (line instanceof Line.Silent(var answer)) return answer;
        var said = (Line.Said) line;
        if (said.json.path("Status").asString("").equals("1")) {
            var data = object(said.json.get("Data"));
            if (data == null || data.path("Irn").asString("").isEmpty()) return new Answer.NoAnswer("the portal's answer cannot be read");
            try {
                if (!whole) return new Answer.Found(new Registered(data.path("Irn").asString(), "", moment(data.path("CancelDate").asString(), ACKNOWLEDGED), "", "", null, true), said.raw);
                return new Answer.Found(new Registered(data.path("Irn").asString(), data.path("AckNo").asString(), moment(data.path("AckDt").asString(), ACKNOWLEDGED),
                        data.path("SignedInvoice").asString(""), data.path("SignedQRCode").asString(""), null, data.path("Status").asString("ACT").equals("CNL")), said.raw);
            } catch (DateTimeException _) {
                return new Answer.NoAnswer("the portal's answer cannot be read");
            }
        }
        var faults = new ArrayList<Fault>();
        for (var fault : said.json.path("ErrorDetails")) faults.add(new Fault(fault.path("ErrorCode").asString(), fault.path("ErrorMessage").asString()));
        return refused(faults, said.raw);
    }

    private static Answer eway(Line line) {
        if (line instanceof Line.Silent(var answer)) return answer;
        var said = (Line.Said) line;
        if (said.json.path("status").asString("").equals("1")) {
            var data = object(said.json.get("data"));
            var number = data == null ? "" : data.path("ewayBillNo").asString(data.path("ewbNo").asString(data.path("cEwbNo").asString("")));
            if (data == null || number.isEmpty()) return new Answer.NoAnswer("the portal's answer cannot be read");
            try {
                var until = data.path("validUpto").asString("");
                var made = data.path("ewayBillDate").asString(data.path("cancelDate").asString(data.path("updatedDate").asString(data.path("cEwbDate").asString(data.path("vehUpdDate").asString("")))));
                return new Answer.Found(new Registered(number, number, moment(made, EWAY_MOMENT), "", "", until.isEmpty() ? null : moment(until, EWAY_MOMENT),
                        data.path("status").asString("ACT").equals("CNL") || data.has("cancelDate")), said.raw);
            } catch (DateTimeException _) {
                return new Answer.NoAnswer("the portal's answer cannot be read");
            }
        }
        var faults = new ArrayList<Fault>();
        var codes = said.json.at("/error/errorCodes").asString("");
        if (!codes.isEmpty()) for (var code : codes.split(",")) faults.add(new Fault(code.strip(), said.json.at("/error/message").asString("")));
        return refused(faults, said.raw);
    }

    private static Answer refused(List<Fault> faults, String raw) {
        if (faults.isEmpty()) return new Answer.NoAnswer("the portal's answer cannot be read");
        if (faults.stream().anyMatch(fault -> UNKNOWN_DOCUMENT.contains(fault.code()))) return new Answer.Absent(raw);
        return new Answer.Refused(faults, raw);
    }

    /// Some providers give the data as an object, some as a text that holds one.
    private static @Nullable JsonNode object(@Nullable JsonNode data) {
        if (data == null) return null;
        if (data.isObject()) return data;
        try {
            var inner = Inv01.JSON.readTree(data.asString(""));
            return inner.isObject() ? inner : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    private static Instant moment(String text, DateTimeFormatter form) {
        return LocalDateTime.parse(text, form).atZone(EwayBill.ZONE).toInstant();
    }

    private static String coded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
