using System.Runtime.CompilerServices;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// What one scope said when it was read last, and by what it is recognised. A list of values is recognised by its values, one by one, because the list may be the
/// caller's to change; only immutable values are remembered, and no object of the application is kept.
/// </summary>
internal sealed class RememberedScope
{
    // Null: nothing is remembered.
    private Type? _type;

    // Recognised by being this very object, where that is immutable; null: by its values.
    private object? _identity;

    private KeyValuePair<string, object?>[] _pairs = [];
    private int _count;
    private string? _text;
    private bool _isRecognised;

    /// <summary>Whether the scope would say what it said last.</summary>
    public bool Recognises(object scope) => _isRecognised = IsSame(scope);

    /// <summary>Adds what the scope says, out of memory if it has just been recognised. False: it cannot be remembered.</summary>
    public bool Read(object scope, CaptureBuffer buffer, ValueCapture values)
    {
        if (!_isRecognised)
        {
            Forget();
            try
            {
                if (!TryLearn(scope))
                    AddUnremembered(scope, buffer, values);
            }
            catch (Exception error)
            {
                Forget();
                buffer.AddScopeText(ValueCapture.Unreadable(scope, error));
            }
        }

        _isRecognised = false;
        if (_type is null)
            return false;
        for (int i = 0; i < _count; i++)
            buffer.AddScopeValue(_pairs[i].Key, _pairs[i].Value);
        if (_text is not null)
            buffer.AddScopeText(_text);
        return true;
    }

    private bool IsSame(object scope)
    {
        if (_type != scope.GetType())
            return false;
        if (_identity is not null)
            return ReferenceEquals(_identity, scope);

        // Of the type that was remembered, which is such a list.
        var pairs = Unsafe.As<IReadOnlyList<KeyValuePair<string, object?>>>(scope);
        try
        {
            if (pairs.Count != _pairs.Length)
                return false;
            for (int i = 0; i < _pairs.Length; i++)
            {
                KeyValuePair<string, object?> pair = pairs[i];
                if (!ReferenceEquals(pair.Value, _pairs[i].Value) || !ReferenceEquals(pair.Key, _pairs[i].Key))
                    return false;
            }

            return true;
        }
        catch (Exception)
        {
            return false; // it is read once more, and what it throws then is told
        }
    }

    private void Forget()
    {
        (_type, _identity, _text) = (null, null, null);
        _count = 0;
        _pairs = [];
    }

    private bool TryLearn(object scope)
    {
        if (scope is string text)
        {
            (_type, _identity, _text) = (typeof(string), text, text);
            return true;
        }

        if (scope is not IReadOnlyList<KeyValuePair<string, object?>> list)
            return false;
        StateKind kind = ScopeKinds.Of(scope.GetType());
        var pairs = new KeyValuePair<string, object?>[list.Count];
        bool hasTemplate = false;
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = list[i];
            if (pairs[i].Key is null || !ValueCapture.IsImmutable(pairs[i].Value))
                return false;
            hasTemplate |= pairs[i].Key == StateValues.TemplateKey;
        }

        // A template comes last in the states of the abstractions. What another type's text depends on is not known.
        bool isLast = hasTemplate && pairs[^1].Key == StateValues.TemplateKey;
        if (hasTemplate && !(isLast && kind != StateKind.Unknown))
            return false;
        _text = hasTemplate ? ValueCapture.TextOf(scope) : null;
        _identity = kind == StateKind.Immutable ? scope : null;
        _pairs = pairs;
        _count = hasTemplate ? pairs.Length - 1 : pairs.Length;
        _type = scope.GetType();
        return true;
    }

    private static void AddUnremembered(object scope, CaptureBuffer buffer, ValueCapture values)
    {
        if (scope is not IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            buffer.AddScopeText(ValueCapture.TextOf(scope));
            return;
        }

        foreach (KeyValuePair<string, object?> pair in pairs)
        {
            if (pair.Key == StateValues.TemplateKey)
                buffer.AddScopeText(ValueCapture.TextOf(scope));
            else
                buffer.AddScopeValue(pair.Key ?? "", values.Capture(pair.Value));
        }
    }
}
