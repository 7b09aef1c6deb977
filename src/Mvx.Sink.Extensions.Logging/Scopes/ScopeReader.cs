namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// Reads what the scopes around a log call say. Each thread keeps a reader, and the reader what it read last: many entries are logged within the same scopes, and where
/// none of these has changed the next entry gets the very same values.
/// </summary>
internal sealed class ScopeReader
{
    /// <summary>Scopes nested deeper are read each time.</summary>
    private const int MostRemembered = 32;

    private static readonly Action<object?, ScopeReader> _collect = static (scope, reader) => reader.Collect(scope);

    [ThreadStatic]
    private static ScopeReader? _spare;

    private readonly List<RememberedScope> _memory = [];
    private object?[] _scopes = new object?[8];
    private int _count;

    // What the remembered scopes say together; valid while all of them are still the same.
    private KeyValuePair<string, object?>[]? _values;
    private int _valid = -1;

    /// <summary>Gives the values and texts of the scopes, inner ones over outer ones; null: there are none.</summary>
    /// <param name="forEachScope">Enumerates the scopes, from the outermost.</param>
    /// <param name="values">How values are captured that could change.</param>
    public static KeyValuePair<string, object?>[]? Read(Action<Action<object?, ScopeReader>, ScopeReader> forEachScope, ValueCapture values)
    {
        ScopeReader reader = _spare ??= new ScopeReader();
        forEachScope(_collect, reader);
        if (reader._count == 0)
            return null;

        // A scope that is being read may log in turn; that takes another reader.
        _spare = null;
        KeyValuePair<string, object?>[]? read = reader.Read(values);
        reader.Clear();
        _spare = reader;
        return read;
    }

    private KeyValuePair<string, object?>[]? Read(ValueCapture values)
    {
        int same = 0;
        for (int i = 0; i < _count; i++)
        {
            if (i < _memory.Count && _memory[i].Recognises(_scopes[i]!))
                same++;
        }

        return same == _count && _valid == _count ? _values : Gather(values);
    }

    private KeyValuePair<string, object?>[]? Gather(ValueCapture values)
    {
        CaptureBuffer buffer = CaptureBuffer.Rent();
        try
        {
            bool remembered = true;
            for (int i = 0; i < _count; i++)
            {
                if (i == _memory.Count && i < MostRemembered)
                    _memory.Add(new RememberedScope());
                remembered &= i < _memory.Count ? _memory[i].Read(_scopes[i]!, buffer, values) : new RememberedScope().Read(_scopes[i]!, buffer, values);
            }

            buffer.CloseScopes();
            _values = buffer.Count == 0 ? null : buffer.ToArray();
            _valid = remembered && _count <= MostRemembered ? _count : -1;
            return _values;
        }
        finally
        {
            buffer.Return();
        }
    }

    private void Collect(object? scope)
    {
        if (scope is null)
            return;
        if (_count == _scopes.Length)
            Array.Resize(ref _scopes, _count * 2);
        _scopes[_count++] = scope;
    }

    private void Clear()
    {
        Array.Clear(_scopes, 0, _count);
        _count = 0;
        if (_valid < 0)
            _values = null;
    }
}
