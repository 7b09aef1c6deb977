namespace Mvx.Sink.Extensions.Logging;

/// <summary>Where one thread gathers an entry's values before they become a payload of the right size.</summary>
internal sealed class CaptureBuffer
{
    [ThreadStatic]
    private static CaptureBuffer? _spare;

    private KeyValuePair<string, object?>[] _items = new KeyValuePair<string, object?>[32];
    private List<string>? _scopeTexts;

    public int Count { get; private set; }

    /// <summary>How many of the first values are the entry's own; the others are its scopes'.</summary>
    public int OwnValues { get; set; }

    /// <summary>Takes the thread's buffer, or a new one when a value that is being captured logs in turn.</summary>
    public static CaptureBuffer Rent()
    {
        CaptureBuffer? buffer = _spare;
        if (buffer is null)
            return new CaptureBuffer();
        _spare = null;
        return buffer;
    }

    public void Return()
    {
        if (Count > 0)
        {
            _items.AsSpan(0, Count).Clear();
            Count = 0;
        }

        _scopeTexts = null;
        OwnValues = 0;
        _spare = this;
    }

    public void Add(string key, object? value)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = new(key, value);
    }

    public void AddEventId(int id)
    {
        if (id != 0)
            Add("EventId", EventIdBox.Of(id));
    }

    /// <summary>Adds a scope's value, which gives way to a value of the entry or of a scope further in.</summary>
    public void AddScopeValue(string key, object? value)
    {
        for (int i = 0; i < Count; i++)
        {
            if (string.Equals(_items[i].Key, key, StringComparison.Ordinal))
            {
                // Scopes come from the outermost to the innermost.
                if (i >= OwnValues)
                    _items[i] = new(key, value);
                return;
            }
        }

        Add(key, value);
    }

    /// <summary>Adds what scopes say that were read before, which gives way to the entry's own values.</summary>
    public void AddScopes(KeyValuePair<string, object?>[]? scopes)
    {
        OwnValues = Count;
        foreach ((string key, object? value) in scopes ?? [])
            AddScopeValue(key, value);
    }

    public void AddScopeText(string text) => (_scopeTexts ??= []).Add(text);

    /// <summary>Adds the texts of the scopes as one value.</summary>
    public void CloseScopes()
    {
        if (_scopeTexts is null)
            return;
        AddScopeValue("Scope", _scopeTexts.AsReadOnly());
        _scopeTexts = null;
    }

    public KeyValuePair<string, object?>[] ToArray() => _items.AsSpan(0, Count).ToArray();

    public LogPayload ToPayload() => LogPayload.Create(_items.AsSpan(0, Count));
}
