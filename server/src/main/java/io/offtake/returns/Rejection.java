package io.offtake.returns;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Why a return is not taken (GOV-17); OTHER needs words.
public enum Rejection {
    NOT_OURS("Not bought from us", "हमसे नहीं ख़रीदा"),
    NOT_PROVEN("No picture, or it does not show it", "तस्वीर नहीं, या उससे सिद्ध नहीं"),
    OUTLETS_FAULT("Damaged at the outlet", "दुकान पर ख़राब हुआ"),
    TOO_LATE("Too late", "देर हो गई"),
    TOO_MUCH("More than is fair", "उचित से अधिक"),
    SELLABLE("It can still be sold", "अब भी बिक सकता है"),
    OTHER("Other (say what)", "अन्य (लिखें)");

    private final String title;
    private final String titleHi;

    Rejection(String title, String titleHi) {
        this.title = title;
        this.titleHi = titleHi;
    }

    public String title() {
        return title;
    }

    public String titleHi() {
        return titleHi;
    }

    public static Optional<Rejection> of(String code) {
        return Arrays.stream(values()).filter(one -> one.name().equals(code)).findFirst();
    }

    public static List<String> codes() {
        return Arrays.stream(values()).map(Enum::name).toList();
    }
}
