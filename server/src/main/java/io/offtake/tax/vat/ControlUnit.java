package io.offtake.tax.vat;

import java.time.Instant;

/// The tax office's control unit, which numbers and signs every document. Calls take seconds or end without an answer; none
/// is made inside a transaction. What is not known is an answer of its own: a caller never guesses.
interface ControlUnit {

    /// @param pin     the seller's
    /// @param branch  of the seller, two digits
    /// @param request as [EtimsRequest] writes it
    Answer send(long distributorId, String pin, String branch, long invoiceNo, String request);

    /// What became of a request whose answer was not heard.
    Answer find(long distributorId, String pin, String branch, long invoiceNo);

    sealed interface Answer {
        /// The unit holds the document.
        /// @param number the document's own number as the unit holds it
        record Stamped(Stamp stamp, String number, String raw) implements Answer {}

        /// The unit says no; `DUPLICATE` if it holds another request under this number.
        record Refused(String code, String text) implements Answer {}

        /// The unit does not know the document.
        record Absent() implements Answer {}

        /// The unit was not reached: it cannot have received anything.
        record NotReached(String why) implements Answer {}

        /// Sent, but no answer that can be read: it may have been received.
        record NoAnswer(String why) implements Answer {}
    }

    /// What is printed of it.
    /// @param serial       of the control unit
    /// @param receiptNo    its own count
    /// @param internalData its internal data, as given
    /// @param signature    of the receipt
    record Stamp(String serial, long receiptNo, String internalData, String signature, Instant stampedAt) {}

    /// What the unit answers where it holds the number already.
    String DUPLICATE = "994";
}
