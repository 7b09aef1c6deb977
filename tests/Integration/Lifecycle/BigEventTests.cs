using System.Runtime.CompilerServices;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.LifecycleRules;

/// <summary>Copying a big struct into its slot takes so long that a stop often comes between the acceptance of an event and its arrival.</summary>
public sealed class BigEventTests
{
    [Fact]
    public void L6_An_event_that_is_accepted_but_still_being_written_is_dispatched_before_the_sink_stops()
    {
        for (int round = 0; round < 100; round++)
        {
            using var hosted = Hosted.Running(() => new CountingSink());
            int[] accepted = new int[4];
            Together.Run(5, index =>
            {
                if (index == 4)
                {
                    Bounded.Until(() => hosted.Sink.Ledger.Accepted > 20, "some events");
                    hosted.Sink.Stop().Succeeds();
                    return;
                }

                var item = default(BigEvent);
                while (hosted.Sink.TryLog(item) is var outcome && outcome != LogOutcome.InvalidState)
                    accepted[index] += outcome == LogOutcome.Accepted ? 1 : 0;
            });
            Assert.Equal(accepted.Sum(), hosted.Sink.Count);
            Assert.Equal(0, hosted.Sink.Ledger.Pending);
        }
    }

    [InlineArray(2048)]
    private struct BigEvent
    {
        private long _first;
    }

    private sealed class CountingSink() : AsyncSink<BigEvent>(new SinkOptions { QueueMaxSize = 64 })
    {
        public int Count { get; private set; }

        protected override ValueTask DispatchAsync(BigEvent item, CancellationToken cancellationToken)
        {
            Count++;
            return ValueTask.CompletedTask;
        }
    }
}
