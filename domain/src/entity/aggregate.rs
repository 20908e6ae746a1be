//! The one implementation of `cqrs_es::Aggregate`, for every kind: decide, leave the outcome, record the event.

/// Implements `cqrs_es::Aggregate` over a synchronous `decide` and `fold`.
macro_rules! aggregate {
    ($state:ty, $name:literal, $command:ty, $event:ty) => {
        impl cqrs_es::Aggregate for $state {
            const TYPE: &'static str = $name;
            type Command = $command;
            type Event = $event;
            type Error = $crate::rejection::Rejection;
            type Services = $crate::entity::Context;

            async fn handle(
                &mut self,
                command: Self::Command,
                context: &Self::Services,
                sink: &cqrs_es::event_sink::EventSink<Self>,
            ) -> Result<(), Self::Error> {
                let decision = self.decide(command, context)?;
                context.outcome.get_or_init(|| decision.outcome);
                if let Some(change) = decision.event {
                    sink.write($crate::entity::Recorded { mark: context.mark, change }, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, event: Self::Event) {
                self.fold(event);
            }
        }
    };
}

pub(crate) use aggregate;
