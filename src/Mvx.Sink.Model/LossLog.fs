namespace Mvx.Sink.Model

/// <summary>
/// Where dropped events are missing: how many, and before which of the accepted ones. Immutable. A place is the ticket of the accepted event that comes after the
/// gap; tickets count from 0 in the order of acceptance.
/// </summary>
[<Sealed>]
type LossLog private (gaps: Map<int64, int64>) =

    /// The first gap, if it lies at or before a ticket.
    static member private First(gaps: Map<int64, int64>, ticket: int64) =
        if Map.isEmpty gaps then
            ValueNone
        else
            let place, lost = Map.minKeyValue gaps

            if place <= ticket then
                ValueSome(struct (place, lost))
            else
                ValueNone

    /// <summary>Nothing is missing.</summary>
    static member Empty: LossLog = LossLog Map.empty

    /// <summary>Whether nothing is missing.</summary>
    member _.IsEmpty: bool = gaps.IsEmpty

    /// <summary>How many events are missing in all.</summary>
    member _.Total: int64 = Map.fold (fun total _ lost -> total + lost) 0L gaps

    /// <summary>How many gaps there are.</summary>
    member _.Gaps: int = gaps.Count

    /// <summary>How many events are missing before the next event to be taken.</summary>
    /// <param name="taken">How many events have been taken off the queue: the ticket of the next one.</param>
    /// <returns>The sum of the gaps up to there.</returns>
    member _.Due(taken: int64) : int64 =
        let rec sum total rest =
            match LossLog.First(rest, taken) with
            | ValueNone -> total
            | ValueSome(struct (place, lost)) -> sum (total + lost) (Map.remove place rest)

        sum 0L gaps

    /// <summary>The log once what is due has been told.</summary>
    /// <param name="taken">How many events have been taken off the queue.</param>
    /// <returns>The gaps that lie ahead.</returns>
    member _.After(taken: int64) : LossLog =
        let rec drop rest =
            match LossLog.First(rest, taken) with
            | ValueNone -> rest
            | ValueSome(struct (place, _)) -> drop (Map.remove place rest)

        LossLog(drop gaps)

    /// <summary>The log with one more gap. Gaps that nothing taken can lie between any more become one, so their number follows what is pending.</summary>
    /// <param name="place">The ticket of the accepted event before which the loss is.</param>
    /// <param name="lost">How many events are missing there.</param>
    /// <param name="taken">How many events have been taken off the queue.</param>
    /// <returns>The new log.</returns>
    member this.Note(place: int64, lost: int64, taken: int64) : LossLog =
        let add place lost (gaps: Map<int64, int64>) =
            if lost = 0L then
                gaps
            else
                gaps.Change(place, Option.defaultValue 0L >> (+) lost >> Some)

        let ahead = this.After taken

        ahead.Map |> add taken (this.Due taken) |> add (max place taken) lost |> LossLog

    member private _.Map = gaps

    /// <summary>The gaps on one line.</summary>
    override _.ToString() : string =
        gaps
        |> Map.toSeq
        |> Seq.map (fun (place, lost) -> $"{lost} before {place}")
        |> String.concat ", "
