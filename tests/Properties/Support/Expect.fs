namespace Mvx.Sink.Properties

open Xunit

/// The few assertions in the form F# reads best.
module Expect =
    let fail (message: string) : unit = Assert.Fail message

    let equal (expected: 'value) (actual: 'value) = Assert.Equal<'value>(expected, actual)

    let holds (message: string) (condition: bool) = Assert.True(condition, message)
