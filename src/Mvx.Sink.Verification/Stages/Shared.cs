using System.Runtime.ExceptionServices;

namespace Mvx.Sink.Verification;

/// <summary>What several rules look at, done by the first that asks. One check at a time; but one that was left behind may still be at it.</summary>
internal sealed class Shared<T>(Func<T> make)
{
    private volatile bool _begun;
    private volatile Func<T>? _outcome;

    public T Value
    {
        get
        {
            if (_outcome is null)
            {
                if (_begun)
                    throw new RuleViolation("What this rule looks at did not come back when an earlier rule asked for it: see the first that was given up.");
                _begun = true;
                _outcome = Make();
            }

            return _outcome();
        }
    }

    private Func<T> Make()
    {
        try
        {
            T made = make();
            return () => made;
        }
        catch (Exception error)
        {
            var thrown = ExceptionDispatchInfo.Capture(error);
            return () =>
            {
                thrown.Throw();
                return default!;
            };
        }
    }
}
