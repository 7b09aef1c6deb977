using System.Runtime.CompilerServices;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>Reads the values of log states.</summary>
/// <remarks>Written out as it is, a state that is a struct is not boxed: the compiler of the method for that struct sees through the casts.</remarks>
internal static class StateValues
{
    /// <summary>The name under which the abstractions hand over an entry's template.</summary>
    public const string TemplateKey = "{OriginalFormat}";

    /// <summary>Adds a state's values; null captures nothing, because nothing can change. Gives the entry's template.</summary>
    /// <remarks>What a state does not tell is left out: with fewer arguments than its template has names, it throws for the others.</remarks>
    public static string? Add<TState>(CaptureBuffer buffer, TState state, ValueCapture? values)
    {
        string? template = null;
        if (state is IReadOnlyList<KeyValuePair<string, object?>>)
        {
            int count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count;
            for (int i = 0; i < count; i++)
            {
                if (TryGet(state, i, out KeyValuePair<string, object?> pair))
                    Add(buffer, pair, values, ref template);
            }
        }
        else if (state is IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            foreach (KeyValuePair<string, object?> pair in pairs)
                Add(buffer, pair, values, ref template);
        }

        return template;
    }

    /// <summary>Copies the values of a template call. False when one of them could change, or is missing.</summary>
    public static bool TryCopy<TState>(TState state, out object?[] values, out string template)
    {
        values = [];
        template = "";
        if (state is not IReadOnlyList<KeyValuePair<string, object?>>)
            return false;
        int count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count - 1;
        if (count > 0)
            values = new object?[count];
        for (int i = 0; i < values.Length; i++)
        {
            object? value = ((IReadOnlyList<KeyValuePair<string, object?>>)state)[i].Value;
            if (!ValueCapture.IsImmutable(value))
                return false;
            values[i] = value;
        }

        if (((IReadOnlyList<KeyValuePair<string, object?>>)state)[count].Value is not string text)
            return false;
        template = text;
        return true;
    }

    /// <summary>The template of an immutable state, which by convention is its last value, so that no other one is boxed.</summary>
    public static string? TemplateOf<TState>(TState state, out int count)
    {
        count = 0;
        if (state is not IReadOnlyList<KeyValuePair<string, object?>>)
            return null;
        count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count;
        if (count == 0)
            return null;
        KeyValuePair<string, object?> last = ((IReadOnlyList<KeyValuePair<string, object?>>)state)[count - 1];
        return last.Key == TemplateKey ? last.Value as string : null;
    }

    private static bool TryGet<TState>(TState state, int index, out KeyValuePair<string, object?> pair)
    {
        try
        {
            pair = ((IReadOnlyList<KeyValuePair<string, object?>>)state!)[index];
            return true;
        }
        catch (Exception)
        {
            pair = default;
            return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(CaptureBuffer buffer, KeyValuePair<string, object?> pair, ValueCapture? values, ref string? template)
    {
        if (pair.Key == TemplateKey)
            template = pair.Value as string;
        buffer.Add(pair.Key ?? "", values is null ? pair.Value : values.Capture(pair.Value));
    }
}
