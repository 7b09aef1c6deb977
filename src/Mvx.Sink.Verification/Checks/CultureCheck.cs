using System.Globalization;

namespace Mvx.Sink.Verification;

/// <summary>
/// Part of rule K13: what arrives does not depend on the culture of the thread that the sink's code runs on. Under a manual loop that thread is this one, so its
/// culture can be chosen; making events and reading them back stays with the culture that was there.
/// </summary>
internal sealed class CultureCheck<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private readonly CultureInfo _strange = OddCulture.Make();
    private readonly ManualLoop _loop = new();

    public void Demand()
    {
        session.Specification.ResetBackend();
        session.Specification.BindToLoop(0, _loop);
        TSink sink;
        try
        {
            sink = Under(() => _loop.Invoke(() => session.Specification.CreateSink(session.Options(null))));
        }
        catch (Exception)
        {
            return; // not under a manual loop, it seems
        }

        var producer = new Producer<TSink, TEvent>(session, sink);
        if (!Completes(Under(sink.Start)))
            return; // under a manual loop: the business of K60
        for (int i = 0; i < 3; i++)
        {
            producer.Log(way: (target, item) => Under(() =>
            {
                session.Specification.Log(target, item);
                return 0;
            }));
        }

        if (!Completes(Under(sink.Stop)))
            return;
        DeliveryFindings findings;
        try
        {
            findings = DeliveryCheck.Of(session.Specification, [producer], [.. session.Specification.ReadBack(sink)]);
        }
        catch (Exception error)
        {
            throw new RuleViolation($"With another culture on the sink's thread (decimal comma, dotted dates) what arrived cannot be read back: {error.GetType().Name}: {error.Message}");
        }

        if (findings.DescribeChanged is { } changed)
            throw new RuleViolation($"With another culture on the sink's thread (decimal comma, dotted dates) {changed}");
    }

    private bool Completes(SinkWaitHandle handle)
    {
        Task<SinkOperationResult> task = handle.AsTask();
        return Under(() => _loop.RunUntil(() => task.IsCompleted, session.Bound(3))) && task.Result.Success;
    }

    private T Under<T>(Func<T> action)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = _strange;
        try
        {
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
