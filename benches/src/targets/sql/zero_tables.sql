CREATE TABLE tasks (
    id                text PRIMARY KEY,
    user_id           text NOT NULL,
    title             text NOT NULL,
    category          text NOT NULL,
    difficulty        text NOT NULL,
    exp_reward        int NOT NULL,
    energy_cost       int NOT NULL,
    estimated_minutes int NOT NULL,
    tags              jsonb NOT NULL,
    completed         boolean NOT NULL DEFAULT false
);
CREATE INDEX tasks_user ON tasks (user_id);
