package io.offtake.tax.vat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where a document stands with the control unit, and what is printed of its stamp.
///
/// @param cuInvoiceNumber serial and receipt number, as the law wants them printed; null until stamped
/// @param qr              text of the QR code; null until stamped
/// @param message         what the unit or we have to say to a person; null if nothing
public record EtimsView(UUID documentId, long distributorId, String kind, String number, LocalDate businessDate, String state, long invoiceNo, int attempts, Instant nextAttemptAt,
                        @Nullable String cuSerial, @Nullable String cuInvoiceNumber, @Nullable String internalData, @Nullable String signature, @Nullable Instant stampedAt,
                        @Nullable String qr, @Nullable String code, @Nullable String message) {}
