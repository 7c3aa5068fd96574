package io.offtake.tax.vat;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// A control unit in the box: it numbers and signs as a real one, remembers, refuses what does not add up, and can be told to
/// fail in every way one fails. Its serials begin with `SIM`: nobody takes its stamp for the tax office's.
@Component
class EtimsSimulator implements ControlUnit {
    /// How a call goes wrong. LOST was never received; TIMED_OUT was received and stamped, but nobody heard.
    enum Fault { NONE, DOWN, LOST, TIMED_OUT, ALTERED, BUSY }

    private final TenantTransaction transactions;
    private final Clock clock;
    private volatile Supplier<Fault> faults = () -> Fault.NONE;

    EtimsSimulator(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// What the next calls run into.
    void inject(Supplier<Fault> faults) {
        this.faults = faults;
    }

    @Override
    public Answer send(long distributorId, String pin, String branch, long invoiceNo, String request) {
        return switch (faults.get()) {
            case DOWN -> new Answer.NotReached("connection refused");
            case LOST -> new Answer.NoAnswer("no answer within 30 s");
            case BUSY -> new Answer.NoAnswer("HTTP 502");
            case TIMED_OUT -> {
                stamp(distributorId, invoiceNo, request);
                yield new Answer.NoAnswer("no answer within 30 s");
            }
            case ALTERED -> stamp(distributorId, invoiceNo, request) instanceof Answer.Stamped stamped ? new Answer.Stamped(stamped.stamp(), stamped.number() + "X", stamped.raw()) : new Answer.NoAnswer("unreadable");
            case NONE -> stamp(distributorId, invoiceNo, request);
        };
    }

    @Override
    public Answer find(long distributorId, String pin, String branch, long invoiceNo) {
        var fault = faults.get();
        if (fault == Fault.DOWN) return new Answer.NotReached("connection refused");
        if (fault != Fault.NONE) return new Answer.NoAnswer("no answer within 30 s");
        return held(distributorId, invoiceNo).<Answer>map(held -> held).orElseGet(Answer.Absent::new);
    }

    private Answer stamp(long distributorId, long invoiceNo, String request) {
        var body = EtimsRequest.JSON.readTree(request);
        var wrong = wrong(body);
        if (wrong.isPresent()) return wrong.get();
        var known = held(distributorId, invoiceNo);
        if (known.isPresent()) return new Answer.Refused(DUPLICATE, "Invoice number " + invoiceNo + " is registered already");
        var hash = hash(distributorId + "/" + invoiceNo + "/" + request);
        transactions.write(distributorId, db -> db.sql("""
                        insert into tax.etims_simulated (distributor_id, invoice_no, content, receipt_no, internal_data, signature, stamped_at)
                        values (:distributor, :invoice, :content, :receipt, :internal, :signature, :at) on conflict do nothing""")
                .param("distributor", distributorId).param("invoice", invoiceNo).param("content", body.path("trdInvcNo").asString()).param("receipt", invoiceNo)
                .param("internal", hash.substring(16, 42)).param("signature", hash.substring(0, 16)).param("at", clock.instant().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)).update());
        return held(distributorId, invoiceNo).orElseThrow();
    }

    /// As the real one: a sum that does not add up, or a return of nothing, is refused.
    private static Optional<Answer> wrong(JsonNode body) {
        var sum = java.math.BigDecimal.ZERO;
        for (var item : body.path("itemList")) sum = sum.add(item.path("totAmt").decimalValue());
        if (sum.compareTo(body.path("totAmt").decimalValue()) != 0) return Optional.of(new Answer.Refused("910", "totAmt is not the sum of the items"));
        if (body.path("custTin").isString() && !body.path("custTin").asString().matches("[AP][0-9]{9}[A-Z]")) return Optional.of(new Answer.Refused("912", "custTin is no PIN"));
        if (body.path("rcptTyCd").asString().equals("R") && body.path("orgInvcNo").asLong() == 0) return Optional.of(new Answer.Refused("921", "A credit note names its original (orgInvcNo)"));
        return Optional.empty();
    }

    private Optional<Answer.Stamped> held(long distributorId, long invoiceNo) {
        return transactions.read(RowScope.of(distributorId), db -> db.sql("""
                        select content, receipt_no, internal_data, signature, stamped_at from tax.etims_simulated
                         where distributor_id = :distributor and invoice_no = :invoice""")
                .param("distributor", distributorId).param("invoice", invoiceNo)
                .query((row, _) -> new Answer.Stamped(new Stamp("SIM" + distributorId, row.getLong(2), row.getString(3), row.getString(4),
                        row.getObject(5, java.time.OffsetDateTime.class).toInstant()), row.getString(1), "{\"resultCd\":\"000\"}"))
                .optional());
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
