package io.offtake.governance;

import io.offtake.access.Caller;
import java.util.List;

/// For whom somebody decides today, beside himself.
public interface Substitutes {

    /// Those who have passed decisions of this kind on to the caller, with their own rights and row scope; whoever decides for them is confined to those.
    List<Caller> of(Caller caller, String kind);
}
