package io.offtake.tax.vat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The tax office's own online control unit (eTIMS OSCU) over HTTPS. Address and key come from the settings
/// `offtake.etims.url` and `offtake.etims.key`; without them nothing is sent. Paths and result codes as the office's
/// integration guide has them: to be confirmed against its sandbox before going live.
@Component
class OscuControlUnit implements ControlUnit {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
    private static final ZoneId NAIROBI = ZoneId.of("Africa/Nairobi");

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String url;
    private final String key;

    OscuControlUnit(@Value("${offtake.etims.url:}") String url, @Value("${offtake.etims.key:}") String key) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.key = key;
    }

    @Override
    public Answer send(long distributorId, String pin, String branch, long invoiceNo, String request) {
        return call("/saveTrnsSalesOsdc", pin, branch, request);
    }

    @Override
    public Answer find(long distributorId, String pin, String branch, long invoiceNo) {
        var answer = call("/selectTrnsSalesOsdc", pin, branch, "{\"invcNo\":" + invoiceNo + "}");
        return answer instanceof Answer.Refused refused && refused.code().equals("001") ? new Answer.Absent() : answer;     // 001: there is no search result
    }

    private Answer call(String path, String pin, String branch, String body) {
        if (url.isEmpty()) return new Answer.NotReached("no address of the control unit is set (offtake.etims.url)");
        var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).header("Content-Type", "application/json").header("tin", pin).header("bhfId", branch).header("cmcKey", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) return new Answer.NoAnswer("HTTP " + response.statusCode());
            return read(EtimsRequest.JSON.readTree(response.body()), body, response.body());
        } catch (ConnectException | HttpConnectTimeoutException down) {
            return new Answer.NotReached("not reached: " + down.getMessage());
        } catch (IOException | JacksonException lost) {
            return new Answer.NoAnswer("no answer that can be read: " + lost.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Answer.NoAnswer("interrupted");
        }
    }

    private static Answer read(JsonNode answer, String request, String raw) {
        var code = answer.path("resultCd").asString("");
        if (code.isEmpty()) return new Answer.NoAnswer("an answer without resultCd");
        if (!code.equals("000")) return new Answer.Refused(code, answer.path("resultMsg").asString(""));
        var data = answer.path("data");
        if (data.path("rcptSign").asString("").isEmpty()) return new Answer.NoAnswer("an answer without a signature");
        var number = data.path("trdInvcNo").asString(EtimsRequest.JSON.readTree(request).path("trdInvcNo").asString(""));
        var at = LocalDateTime.parse(data.path("sdcDateTime").asString(), MOMENT).atZone(NAIROBI).toInstant();
        return new Answer.Stamped(new Stamp(data.path("sdcId").asString(""), data.path("curRcptNo").asLong(), data.path("intrlData").asString(""), data.path("rcptSign").asString(), at), number, raw);
    }
}
