// The folders of the tests for these rules bear the model's names, so the model's are named in full.
using ModelAdmission = Mvx.Sink.Model.Admission;
using ModelLifecycle = Mvx.Sink.Model.Lifecycle;

namespace Mvx.Sink.Integration.Docs;

/// <summary>The lifecycle as docs/spec.md shows it, computed from the model.</summary>
internal static class LifecycleTable
{
    private static readonly SinkState[] _states = Enum.GetValues<SinkState>();
    private static readonly LifecycleInput[] _inputs = Enum.GetValues<LifecycleInput>();

    /// <summary>What a caller meets in each state of a sink whose loop is open and whose queue is not full.</summary>
    public static IEnumerable<string> OfCallers()
    {
        yield return "| state | `Start` | `Stop` | `Log` |";
        yield return "| --- | --- | --- | --- |";
        foreach (SinkState state in _states)
        {
            LifecycleModel model = Reachable().First(candidate => candidate.State == state && !candidate.Closed);
            yield return $"| {state} | {Answer(model, LifecycleInput.Start)} | {Answer(model, LifecycleInput.Stop)} | {ModelAdmission.Offer(new Gate(model, 0), 0, 1, QueueOverflowPolicy.RaiseError).Verdict} |";
        }
    }

    /// <summary>Every step of every lifecycle that a sink can be in. An input that is not listed is ignored.</summary>
    public static IEnumerable<string> OfSteps()
    {
        yield return "| state / phase | input | answer | next | effects, in order | reason |";
        yield return "| --- | --- | --- | --- | --- | --- |";
        foreach (LifecycleModel model in Reachable())
        {
            IEnumerable<IGrouping<string, LifecycleInput>> rows = _inputs
                .Where(input => ModelLifecycle.Step(model, input).Verdict != LifecycleVerdict.Ignored)
                .GroupBy(input => Outcome(model, ModelLifecycle.Step(model, input)));
            foreach (IGrouping<string, LifecycleInput> row in rows)
                yield return $"| {model} | {string.Join(", ", row)} | {row.Key} |";
        }
    }

    private static string Answer(LifecycleModel model, LifecycleInput input)
    {
        LifecycleStep step = ModelLifecycle.Step(model, input);
        return step.Verdict == LifecycleVerdict.Begun ? $"Begun: {step.Next.State}" : $"{step.Verdict}";
    }

    private static string Outcome(LifecycleModel model, LifecycleStep step)
    {
        string next = step.Next.Code == model.Code ? "unchanged" : $"{step.Next}";
        string effects = step.Effects == LifecycleEffects.None ? "" : $"{step.Effects}";
        return $"{step.Verdict} | {next} | {effects} | {(step.Reason == default ? "" : SinkErrorReasons.Code(step.Reason))}";
    }

    private static IEnumerable<LifecycleModel> Reachable()
    {
        var seen = new HashSet<long> { 0 };
        var open = new Queue<LifecycleModel>([default]);
        while (open.TryDequeue(out LifecycleModel model))
        {
            foreach (LifecycleModel next in _inputs.Select(input => ModelLifecycle.Step(model, input).Next))
            {
                if (seen.Add(next.Code))
                    open.Enqueue(next);
            }
        }

        return seen.Select(static code => new LifecycleModel(code))
            .OrderBy(static model => model.Closed)
            .ThenBy(static model => model.State)
            .ThenBy(static model => model.Phase);
    }
}
