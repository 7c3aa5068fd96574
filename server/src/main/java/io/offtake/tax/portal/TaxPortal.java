package io.offtake.tax.portal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The invoice registration portal and the e-way bill portal. Calls take seconds or end without an answer; none is made inside
/// a transaction. What is not known is an answer of its own: a caller never guesses.
public interface TaxPortal {

    sealed interface Answer {
        /// As it was on the line, for people who look into a case.
        String raw();

        /// The portal has the document.
        record Found(Registered registered, String raw) implements Answer {}

        /// The portal says no.
        record Refused(List<Fault> faults, String raw) implements Answer {
            public Refused {
                faults = List.copyOf(faults);
            }

            public boolean has(String code) {
                return faults.stream().anyMatch(fault -> fault.code.equals(code));
            }
        }

        /// The portal does not know the document.
        record Absent(String raw) implements Answer {}

        /// The portal was not reached: it cannot have received anything.
        record NotReached(String why) implements Answer {
            @Override
            public String raw() {
                return why;
            }
        }

        /// Sent, but no answer that can be read: it may have been received.
        record NoAnswer(String why) implements Answer {
            @Override
            public String raw() {
                return why;
            }
        }
    }

    /// @param code the portal's number
    record Fault(String code, String text) {}

    /// @param reference      IRN, or number of the e-way bill
    /// @param signedDocument the portal's signed copy of the invoice (JWS); empty for an e-way bill
    /// @param validUntil     of an e-way bill
    /// @param cancelled      whether it was cancelled there
    record Registered(String reference, String acknowledgement, Instant acknowledgedAt, String signedDocument, String signedQr, @Nullable Instant validUntil, boolean cancelled) {}

    /// Which document is meant where its reference is not known.
    ///
    /// @param type INV, CRN, DBN; for e-way bills INV, BIL, CHL, OTH
    record DocumentKey(String sellerGstin, String type, String number, LocalDate date) {}

    /// @param payload INV-01
    Answer registerInvoice(JsonNode payload);

    Answer findInvoice(DocumentKey key);

    /// @param reasonCode 1 duplicate, 2 data entry, 3 order cancelled, 4 other
    Answer cancelInvoice(String sellerGstin, String irn, String reasonCode, String remark);

    Answer registerEwayBill(JsonNode payload);

    Answer findEwayBill(DocumentKey key);

    /// @param reasonCode 1 duplicate, 2 order cancelled, 3 data entry, 4 other
    Answer cancelEwayBill(String sellerGstin, String number, String reasonCode, String remark);

    /// Part B: the vehicle that now carries the goods.
    Answer changeVehicle(String sellerGstin, String number, String vehicle, String fromPlace, String fromState, String reasonCode, String remark);

    /// One paper for several e-way bills that one vehicle carries (EWB-02). The answer's reference is its number.
    Answer consolidate(String sellerGstin, List<String> numbers, String vehicle, String fromPlace, String fromState);

    /// @param remainingKm from where the vehicle is
    Answer extendEwayBill(String sellerGstin, String number, String vehicle, int remainingKm, String fromPlace, String fromPin, String fromState, String remark);
}
