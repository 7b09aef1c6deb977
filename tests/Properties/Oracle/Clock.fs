namespace Mvx.Sink.Properties.Oracle

open System
open System.Collections.Generic
open System.Threading

/// A clock that stands still until it is moved. What is due then fires on the thread that moves it.
type Clock() =
    inherit TimeProvider()

    let sync = obj ()
    let timers = List<ClockTimer>()
    let mutable now = 0L

    override _.TimestampFrequency = 1000L
    override _.GetTimestamp() = lock sync (fun () -> now)

    override this.GetUtcNow() =
        DateTimeOffset.UnixEpoch.AddMilliseconds(float (this.GetTimestamp()))

    override this.CreateTimer(callback, state, dueTime, period) =
        let timer = new ClockTimer(this, (fun () -> callback.Invoke state))
        (timer :> ITimer).Change(dueTime, period) |> ignore
        timer

    /// Sets or, without a time, takes out a timer. One that is disposed stays out.
    member internal _.Set(timer: ClockTimer, dueTime: TimeSpan) =
        lock sync (fun () ->
            timers.Remove timer |> ignore

            if dueTime <> Timeout.InfiniteTimeSpan && not timer.IsDisposed then
                timer.Due <- now + int64 dueTime.TotalMilliseconds
                timers.Add timer)

    member _.Advance(milliseconds: int) =
        let due =
            lock sync (fun () ->
                now <- now + int64 milliseconds
                let due = timers |> Seq.filter (fun timer -> timer.Due <= now) |> List.ofSeq
                due |> List.iter (timers.Remove >> ignore)
                due)

        for timer in due do
            timer.Fire()

and internal ClockTimer(clock: Clock, fire: unit -> unit) =
    member val Due = 0L with get, set
    member val IsDisposed = false with get, set
    member _.Fire() = fire ()

    member this.Dispose() =
        this.IsDisposed <- true
        clock.Set(this, Timeout.InfiniteTimeSpan)

    interface ITimer with
        member this.Change(dueTime, _) =
            clock.Set(this, dueTime)
            not this.IsDisposed

        member this.Dispose() = this.Dispose()

        member this.DisposeAsync() =
            this.Dispose()
            Threading.Tasks.ValueTask.CompletedTask
